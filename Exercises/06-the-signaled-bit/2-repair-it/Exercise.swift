// # Repair it
//
// `finish` waits until the device is done, then frees the job. The job holds a callback, and the
// fence's list leads to it. In some executions the signaler still walks that list when the job is
// freed: the kernel's nouveau driver had this bug until 2023.
//
// Give the waiter a guarantee: `finish` must free the job once, after the fence is signaled and
// after the signaler has left the job's callback for good. Only this function may change. The
// fence library stays as it is, and so does the signaler.
//
// To wait in a loop, use `Machine.spin(until:)`: it tells the explorer what you wait for, and a
// loop of your own may look endless to it.
//
// The checks run your function with one waiter, with a second waiter that gives up meanwhile, and
// with a signaler that interrupts the waiter on its own CPU. See
// [what the bit promises](../../../Lessons/06-the-signaled-bit/lesson.md#what-the-bit-promises).

import ExerciseKit

/// What a waiter keeps while it waits for its fence.
public struct Job: ~Copyable {
  /// On the fence's list until it has run or was removed.
  public let callback = FenceCallback()
  /// The device writes its result here, then signals.
  public let result = Cell<UInt32>(0)

  /// A job that the device has not done.
  public init() {}
}

/// Waits for the fence, then frees the job.
///
/// - Parameters:
///   - job: Allocated by the caller; freed here.
///   - callback: The job's callback, which the caller has put on the fence.
///   - fence: The caller keeps its reference until this function has returned.
public func finish(_ job: Object<Job>, _ callback: Object<FenceCallback>, _ fence: Fence) {
  // Change the code below this line …
  Machine.spin(until: fence.signaledFlag)
  Machine.free(job)
  // … and above this line.
}
