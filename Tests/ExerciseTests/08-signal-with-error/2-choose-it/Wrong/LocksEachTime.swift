// expects: too costly, rule=too-costly/updates, misconception=only-the-lock-knows
// Correct, and every latecomer writes to the fence.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  fence.withLock {
    guard !fence.testSignaledFlag() else { return }
    if let failure { fence.setError(failure) }
    fence.signalLocked()
  }
}
