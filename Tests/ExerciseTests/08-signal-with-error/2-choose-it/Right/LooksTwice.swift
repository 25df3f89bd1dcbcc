// expects: passed
// A second look is free, and changes nothing.

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  // A look costs nothing while the line is here.
  if fence.testSignaledFlag() || fence.testSignaledFlag() { return }
  let isOver = fence.withLock {
    let isOver = fence.testSignaledFlag()
    if let failure, !isOver { fence.setError(failure) }
    if !isOver { fence.signalLocked() }
    return isOver
  }
  _ = isOver
}
