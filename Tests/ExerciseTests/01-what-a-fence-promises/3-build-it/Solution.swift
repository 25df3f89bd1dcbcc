// expects: passed

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  for fence in fences {
    // Seqnos wrap, so only the sign of the distance counts.
    let distance = completed &- UInt32(truncatingIfNeeded: fence.seqno)
    if Int32(bitPattern: distance) < 0 { return }
    fence.signal()
  }
}
