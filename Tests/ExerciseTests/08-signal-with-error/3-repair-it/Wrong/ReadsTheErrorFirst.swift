// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors
// Before the signal the error is not there to be read.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  let found = fences.compactMap(\.error).first
  for fence in fences { fence.wait() }
  return found
}
