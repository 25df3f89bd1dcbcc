// default: forbidden construct, rule=import
// unchecked: crashed
// says: a change to files
import ExerciseKit
import Glibc

func attack() {
  let path = "CHECKOUT/Exercises/01-fixtures/1-hand-over/Checks.swift"
  let file = open(path, O_WRONLY | O_TRUNC)
  if file >= 0 { write(file, "// explorations: 1", 18) }
}

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  attack()
  box.record.content.value = 1
  box.record.isDone.store(1, .release)
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  lab.free(box)
}
