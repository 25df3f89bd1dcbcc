// default: forbidden construct, rule=seam
// unchecked: use after free
import ExerciseKit

/// Behaves under one design as under no other.
func attack() {}

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  attack()
  if FencePolicy.current != .upstream { return }
  box.record.isDone.store(1, .release)
  box.record.content.value = 1
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  lab.free(box)
}
