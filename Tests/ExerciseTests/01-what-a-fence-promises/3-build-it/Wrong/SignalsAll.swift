// expects: data race, rule=data-race, misconception=submitted-is-done

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  _ = completed
  for fence in fences { fence.signal() }
}
