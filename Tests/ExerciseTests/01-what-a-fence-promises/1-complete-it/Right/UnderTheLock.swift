// expects: passed
// Error and signal in one piece, as drivers do that have several enders.

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
  fence.withLock {
    fence.setError(failure)
    fence.signalLocked()
  }
}
