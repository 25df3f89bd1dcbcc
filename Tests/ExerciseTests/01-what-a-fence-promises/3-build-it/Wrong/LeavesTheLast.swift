// expects: expectation failed, rule=warning, misconception=somebody-will-signal
// The seqno that equals the device's has ended too.

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  for fence in fences
  where fence.isLater(UInt64(completed), than: fence.seqno) {
    fence.signal()
  }
}
