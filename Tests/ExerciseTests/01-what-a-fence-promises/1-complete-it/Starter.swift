// expects: endless wait, rule=endless-wait, misconception=failure-keeps-quiet
// # Complete it
//
// A driver calls `end` once for each job: when the device has run it to its end, or when the driver
// has given it up. In the first case `failure` is nil, in the second it says what went wrong.
//
// One gap is left. Fill it, so that whoever waits for the fence comes back in every case and can
// tell the cases apart. A fence says what went wrong with `setError`, and `fence.error` is how a
// waiter reads it. See
// [the promises](../../../Lessons/01-what-a-fence-promises/lesson.md#what-may-be-relied-on).

import ExerciseKit

/// Keeps the promise of one job, whatever became of it.
///
/// - Parameters:
///   - fence: The job's fence. The caller gives its reference back afterwards.
///   - failure: nil for a job that ran to its end.
public func end(_ fence: Fence, failure: Errno?) {
  guard let failure else {
    fence.signal()
    return
  }
  // Change the code below this line …
  _ = failure
  // … and above this line.
}
