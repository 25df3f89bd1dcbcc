// default: forbidden construct, rule=randomness
// unchecked: use after free
import ExerciseKit

/// Right in some runs, in the hope that one of them is graded.
func attack() {
  if Bool.random() { print("lucky") }
}

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
