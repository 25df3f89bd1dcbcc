// expects: data race, rule=data-race, misconception=the-answer-is-a-detail
// The callback may be writing.

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
  let result = job.record.result.value
  fence.removeCallback(callback)
  Machine.free(job)
  fence.put()
  return result
}
