// expects: leak, rule=leak, misconception=others-keep-it-alive
// Nobody gives the array back, and with it what it holds.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  for fence in fences { fence.get() }
  guard let array = FenceArray.make(fences, context: FenceContext.allocate(), seqno: 1) else {
    for fence in fences {
      fence.wait()
      fence.put()
    }
    return fences.compactMap(\.error).first
  }
  array.fence.wait()
  return array.fence.error
}
