// expects: passed
// Finds how many have ended, then signals that many.

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  let ended = fences.prefix { fence in
    completed &- UInt32(truncatingIfNeeded: fence.seqno) < 1 << 31
  }
  ended.forEach { $0.signal() }
}
