// expects: expectation failed, rule=warning, misconception=a-test-holds
// The library's own call follows upstream's design here.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  fence.signal(error: failure)
}
