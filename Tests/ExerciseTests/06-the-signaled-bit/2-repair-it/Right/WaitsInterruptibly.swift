// expects: passed
// No signal is pending for these waiters, and a wait ends with the lock in hand.

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
  defer { Machine.free(job) }
  do { try fence.wait(interruptible: true) } catch { fence.wait() }
}
