// expects: passed
// A recursion that ends, because the bit is never cleared.

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
  guard fence.isSignaled() else {
    Machine.spin(until: fence.signaledFlag)
    return finish(job, callback, fence)
  }
  _ = fence.removeCallback(callback)
  Machine.free(job)
}
