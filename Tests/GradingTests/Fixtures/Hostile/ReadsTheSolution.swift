// default: forbidden construct, rule=import
// unchecked: crashed
// isolated: use after free
import ExerciseKit
import Glibc

/// Ends at once where the solution can be read; answers wrongly otherwise.
func attack() {
  for place in ["CHECKOUT", "/proc/self/root/CHECKOUT", "/proc/self/cwd/CHECKOUT"] {
    let path = place + "/Tests/ExerciseTests/01-fixtures/1-hand-over/Solution.swift"
    if open(path, O_RDONLY) >= 0 { fatalError("the solution can be read") }
  }
  let root = opendir("CHECKOUT/Tests")
  if root != nil { fatalError("Tests can be listed") }
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
