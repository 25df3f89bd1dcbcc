// expects: use after free, rule=use-after-free, misconception=a-signal-is-the-end
// Takes the reference away, so that the waiter need not wait.

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
  fence.setError(failure)
  fence.signal()
  fence.put()
}
