// default: timed out
// unchecked: timed out
// says: make it in the scenario
import ExerciseKit

/// Made when it is first asked for: in the middle of an execution that is then given up.
let once: Bool = {
  let box = Machine.allocate(Box())
  Machine.free(box)
  box.record.isDone.store(1, .relaxed)
  return true
}()

func attack() { if !once { print("never") } }

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
