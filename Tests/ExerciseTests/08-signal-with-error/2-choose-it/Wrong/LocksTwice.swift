// expects: deadlock, rule=deadlock/self, misconception=the-lock-covers-the-cleanup
// Asks under the lock for what takes the lock.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  if fence.testSignaledFlag() { return }
  fence.withLock {
    guard fence.status() == .pending else { return }
    if let failure { fence.setError(failure) }
    fence.signalLocked()
  }
}
