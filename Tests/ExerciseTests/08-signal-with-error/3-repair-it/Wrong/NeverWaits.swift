// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors
// Asks for the outcome of what is not over.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  for fence in fences {
    if case .failed(let error) = fence.status() { return error }
  }
  return nil
}
