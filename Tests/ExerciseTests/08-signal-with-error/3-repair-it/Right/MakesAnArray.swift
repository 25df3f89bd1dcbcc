// expects: passed
// An array that was made by hand leaves nobody out, and keeps the first error.

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
  defer { array.fence.put() }
  array.fence.wait()
  return array.fence.error
}
