// expects: expectation failed, rule=warning, misconception=a-test-holds
// The answer comes when the error is in the fence already.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  guard !fence.testSignaledFlag() else { return }
  if let failure { fence.setError(failure) }
  if fence.checkAndSignal() { return }
}
