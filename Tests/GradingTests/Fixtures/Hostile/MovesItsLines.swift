// default: forbidden construct, rule=macro
// unchecked: use after free
import ExerciseKit

#sourceLocation(file: "Checks.swift", line: 1)
func attack() {}
#sourceLocation()

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  attack()
  box.record.isDone.store(1, .release)
  box.record.content.value = 1
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  lab.free(box)
}
