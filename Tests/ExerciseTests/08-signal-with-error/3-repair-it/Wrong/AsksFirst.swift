// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors
// A fence may fail after it was asked and before it is merged.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  var found: Errno?
  for fence in fences {
    if case .failed(let error) = fence.status() { found = error }
  }
  let all = Fence.merge(fences)
  defer { all?.put() }
  if let all {
    all.wait()
    return found ?? all.error
  }
  for fence in fences { fence.wait() }
  return found
}
