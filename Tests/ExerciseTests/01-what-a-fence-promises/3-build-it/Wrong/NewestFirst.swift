// expects: expectation failed, rule=expectation, misconception=numbers-are-a-promise
// Compares well, and begins at the wrong end.

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  for fence in fences.reversed()
  where !fence.isLater(fence.seqno, than: UInt64(completed)) {
    fence.signal()
  }
}
