// expects: expectation failed, rule=warning, misconception=a-test-holds
// The cheapest, and the other caller fits between the test and the error.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  guard !fence.testSignaledFlag() else { return }
  if let failure { fence.setError(failure) }
  fence.signal()
}
