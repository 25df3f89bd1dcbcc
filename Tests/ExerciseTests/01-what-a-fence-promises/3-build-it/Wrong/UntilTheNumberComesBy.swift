// expects: data race, rule=data-race, misconception=submitted-is-done
// Right unless no job has ended: then it never meets the number.

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  for fence in fences {
    fence.signal()
    if fence.seqno == UInt64(completed) { return }
  }
}
