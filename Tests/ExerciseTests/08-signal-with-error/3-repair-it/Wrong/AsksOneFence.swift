// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  let all = Fence.merge(fences)
  defer { all?.put() }
  if let all {
    all.wait()
  } else {
    // No memory for one fence that stands for both: one after the other.
    for fence in fences { fence.wait() }
  }
  return all?.error ?? fences[0].error
}
