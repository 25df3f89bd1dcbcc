// expects: expectation failed, rule=warning, misconception=an-address-is-enough
// The last holder may leave between the look at the count and the get.

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
  guard let fence = RCU.dereference(slot.record.newest) else { return nil }
  return fence.referenceCount > 0 ? fence.get() : newestFence(slot)
}
