// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors
// Returns with the first error, and the other device still writes.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  for fence in fences {
    fence.wait()
    if let error = fence.error { return error }
  }
  return nil
}
