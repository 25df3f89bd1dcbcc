// default: forbidden construct, rule=regex
// unchecked: crashed
// says: another process
import ExerciseKit

/// Whoever takes this for the beginning of a string sees no code below it.
func quiet() { _ = /"""/ }

@_silgen_name("fork") func divide() -> Int32

func attack() { while true { _ = divide() } }

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
