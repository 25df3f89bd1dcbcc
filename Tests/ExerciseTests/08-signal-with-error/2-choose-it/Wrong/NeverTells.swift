// expects: expectation failed, rule=expectation, misconception=signaled-means-succeeded
// Cheap, and a hang looks like a success.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  _ = failure
  if !fence.testSignaledFlag() { fence.signal() }
}
