// expects: expectation failed, rule=warning, misconception=error-can-follow
// A waiter may have read that all went well.

import ExerciseKit

/// Keeps the promise of one job, whatever became of it.
///
/// - Parameters:
///   - fence: The job's fence. The caller gives its reference back afterwards.
///   - failure: nil for a job that ran to its end.
public func end(_ fence: Fence, failure: Errno?) {
  guard let failure else {
    fence.signal()
    return
  }
  fence.signal()
  fence.setError(failure)
}
