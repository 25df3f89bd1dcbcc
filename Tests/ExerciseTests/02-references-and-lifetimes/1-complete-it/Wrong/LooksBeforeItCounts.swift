// expects: data race, rule=data-race, misconception=alive-means-mine
// The second look comes before the count, so it proves nothing.

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
  while true {
    guard let fence = RCU.dereference(slot.record.newest) else { return nil }
    guard RCU.dereference(slot.record.newest) == fence else { continue }
    if fence.getUnlessZero() != nil { return fence }
  }
}
