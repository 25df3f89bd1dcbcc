// default: crashed
// unchecked: crashed
import ExerciseKit

/// Clears the screen, renames the window, and turns the text around.
func attack() { fatalError("\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}passed") }

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
