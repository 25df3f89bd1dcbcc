// expects: use after free, rule=use-after-free, misconception=others-keep-it-alive
// The array gives back references that were the caller's.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  guard let array = FenceArray.make(fences, context: FenceContext.allocate(), seqno: 1) else {
    for fence in fences { fence.wait() }
    return fences.compactMap(\.error).first
  }
  defer { array.fence.put() }
  array.fence.wait()
  return array.fence.error
}
