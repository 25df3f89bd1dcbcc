// expects: data race, rule=data-race, misconception=alive-means-mine

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
    guard fence.getUnlessZero() != nil else { continue }
    // Some fence is there, and need not be this one.
    if RCU.dereference(slot.record.newest) != nil { return fence }
    fence.put()
  }
}
