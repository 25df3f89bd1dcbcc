// expects: use after free, rule=use-after-free, misconception=done-means-over
/// # Hand a box over
///
/// The waiter frees the box. Make sure that nobody uses it after that.
import ExerciseKit

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  box.record.isDone.store(1, .release)
  box.record.content.value = 1
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  lab.free(box)
}
