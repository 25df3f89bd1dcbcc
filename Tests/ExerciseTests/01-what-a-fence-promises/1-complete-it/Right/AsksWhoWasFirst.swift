// expects: passed
// Of several enders only the first says what went wrong.

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
  fence.lockIRQSave()
  if !fence.isSignaledLocked() {
    fence.setError(failure)
    _ = fence.checkAndSignalLocked()
  }
  fence.unlockIRQRestore()
}
