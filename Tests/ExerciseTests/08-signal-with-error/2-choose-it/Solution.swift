// expects: passed

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  if fence.testSignaledFlag() { return }
  fence.withLock {
    if fence.testSignaledFlag() { return }
    if let failure { fence.setError(failure) }
    fence.signalLocked()
  }
}
