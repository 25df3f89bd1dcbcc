// default: forbidden construct, rule=import
// unchecked: crashed
// says: a change to files
import ExerciseKit
import Glibc

func attack() {
  // A new queue, which would outlive the process.
  _ = msgget(0, 0o600)
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
