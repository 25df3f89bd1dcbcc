// expects: passed
// Two sleeps are as correct as one.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  var found: Errno?
  for fence in fences.reversed() {
    fence.wait()
    if case .failed(let error) = fence.status() { found = error }
  }
  return found
}
