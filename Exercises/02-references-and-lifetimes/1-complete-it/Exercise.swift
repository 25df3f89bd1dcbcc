// # Complete it
//
// A buffer has a slot that names its newest fence. Whoever submits work to the buffer puts a newer
// fence in its place and gives the slot's reference to the old one back, and whoever empties the
// buffer leaves nil there. Nobody takes a lock.
//
// `newestFence` is called by a reader who may come at any moment. It must return the fence that the
// slot names, with a reference of the caller's own, and nil only where the slot names none. One gap
// is left; the read section around it stands already. Mind that memory of a fence may be used again
// at once, for the fence of another job. See
// [the ways](../../../Lessons/02-references-and-lifetimes/lesson.md#the-ways-to-a-reference).

import ExerciseKit

/// A place in memory that names the newest fence of a buffer.
public struct Slot: ~Copyable {
  /// The slot has a reference to the fence that it names.
  public let newest = Word<Fence?>(nil)

  /// A slot that names no fence.
  public init() {}
}

/// Finds the fence that the slot names.
///
/// - Returns: The fence with a reference for the caller, or nil where the slot names none.
public func newestFence(_ slot: Object<Slot>) -> Fence? {
  RCU.readLock()
  defer { RCU.readUnlock() }
  // Change the code below this line …
  return RCU.dereference(slot.record.newest)
  // … and above this line.
}
