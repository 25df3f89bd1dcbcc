// expects: expectation failed, rule=warning, misconception=others-keep-it-alive
// # Order it
//
// A waiter has left a callback with a fence, in a job of its own, and does not want to wait any
// longer. The callback writes a result into the job. Four things are to be done, and below they
// stand in the wrong order: give the reference to the fence back, free the job, read what the
// result is by now, take the callback back. Put the four lines into an order in which nobody uses
// what is gone. No line is missing, and none is needless.
//
// The signaler may be anywhere meanwhile, and has a reference of its own. See
// [who owns what](../../../Lessons/03-signaling-and-callbacks/lesson.md#who-owns-what).

import ExerciseKit

/// What the waiter keeps; the fence's list leads to the callback in it.
public struct Job: ~Copyable {
  /// On the fence's list until it has run or was taken back.
  public let callback = FenceCallback()
  /// A plain field, which the callback writes; 0 where it has not run.
  public let result = Cell<UInt32>(0)

  /// A job whose callback is on no fence.
  public init() {}
}

/// Gives up waiting.
///
/// - Parameters:
///   - job: Freed here.
///   - callback: The callback in the job, which is on the fence's list, or has run.
///   - fence: With one reference that is the waiter's, and that this function gives back.
/// - Returns: The result at the time when the callback was out of reach.
public func giveUp(_ job: Object<Job>, _ callback: Object<FenceCallback>, _ fence: Fence) -> UInt32
{
  // Change the order below this line …
  let result = job.record.result.value
  fence.put()
  Machine.free(job)
  fence.removeCallback(callback)
  // … and above this line.
  return result
}
