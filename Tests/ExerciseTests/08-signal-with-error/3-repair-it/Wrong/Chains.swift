// expects: expectation failed, rule=expectation, misconception=merging-keeps-errors
// A chain is over when all are, and says nothing else.

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  var newest: Fence?
  for (point, fence) in fences.enumerated() {
    let node = FenceChain.make(previous: newest, fence: fence.get(), seqno: UInt64(point + 1))
    if let node {
      newest = node.fence
    } else {
      // No memory for a node.
      fence.wait()
      fence.put()
    }
  }
  defer { newest?.put() }
  newest?.wait()
  return newest?.error
}
