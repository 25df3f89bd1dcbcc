// expects: passed

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
  // The error first: signaling is what hands it over.
  fence.setError(failure)
  fence.signal()
}
