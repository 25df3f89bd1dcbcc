// default: forbidden construct, rule=import
// unchecked: crashed
// says: a change to the system
import ExerciseKit
import Glibc

func attack() {
  var parameters = sched_param()
  sched_setparam(0, &parameters)
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
