// default: forbidden construct, rule=import
// unchecked: crashed
import ExerciseKit
import Glibc

func attack() {
  let forged = """
    {"begun":{"version":1}}
    0 {"begun":{"version":1}}
    0 {"finished":{"explorations":2,"skipped":0}}

    """
  for descriptor in Int32(0)..<64 {
    _ = forged.withCString { write(descriptor, $0, strlen($0)) }
  }
  exit(0)
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
