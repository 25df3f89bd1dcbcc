// expects: lock misuse, rule=lock-misuse/not-holder, misconception=a-fence-is-a-lock
// Ends the wait as one gives a lock back.

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
  fence.unlockIRQRestore()
}
