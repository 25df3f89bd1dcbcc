// expects: passed
// Other calls, and the same accesses.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  guard !fence.isSignaled() else { return }
  fence.lockIRQSave()
  defer { fence.unlockIRQRestore() }
  if fence.statusLocked() == .pending {
    if let failure { fence.setError(failure) }
    _ = fence.checkAndSignalLocked()
  }
}
