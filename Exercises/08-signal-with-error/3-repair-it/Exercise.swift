// # Repair it
//
// A driver has sent one frame to two devices and got a fence from each. `outcome` sleeps until
// both are over, and tells what went wrong, if anything did. To sleep once and not twice it
// merges the two fences. In some executions a device fails, and `outcome` says that all went well:
// the screen then shows half a frame.
//
// Repair `outcome`. It must still return only when all fences are over, and an error of any of
// them must come out. The fences are plain ones, not arrays or chains.
//
// The checks run it with devices that succeed, with one that failed before anybody asked, and
// with one that fails meanwhile. See
// [where errors go](../../../Lessons/08-signal-with-error/lesson.md#where-errors-go).

import ExerciseKit

/// Waits for all fences, and tells what went wrong.
///
/// - Parameter fences: Two plain fences. The caller keeps a reference to each until this returns.
/// - Returns: The error of a fence that failed; nil where none did.
public func outcome(of fences: [Fence]) -> Errno? {
  // Change the code below this line …
  let all = Fence.merge(fences)
  defer { all?.put() }
  if let all {
    all.wait()
  } else {
    // No memory for one fence that stands for both: one after the other.
    for fence in fences { fence.wait() }
  }
  return all?.error
  // … and above this line.
}
