// default: forbidden construct, rule=import
// unchecked: crashed
// says: exit
import ExerciseKit

/// The kit imports Glibc, so a selector finds it without an import in this file.
func attack() { Glibc::exit(0) }

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
