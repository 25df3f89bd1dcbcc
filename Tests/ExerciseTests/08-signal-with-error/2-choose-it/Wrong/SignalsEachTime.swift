// expects: too costly, rule=too-costly/updates, misconception=only-the-lock-knows
// A signal that comes too late does nothing but cost.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  fence.withLock {
    if let failure, !fence.testSignaledFlag() { fence.setError(failure) }
    fence.signalLocked()
  }
}
