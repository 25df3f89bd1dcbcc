// expects: expectation failed, rule=expectation, misconception=nil-is-safe

import ExerciseKit

/// What the device and the CPUs share.
public struct Job: ~Copyable {
  /// The device holds it while it writes.
  public let lock = SpinLock()
  /// Written once by the device, before the flag.
  public let result = Cell<UInt64>(0)
  /// Set to 1 by the device, with release ordering, and never changed again.
  public let isDone = Word<UInt64>(0)

  /// A job that the device has not done.
  public init() {}
}

/// The job's result, or nil while the flag is not set.
public func take(_ job: Object<Job>) -> UInt64? {
  // The device may be at work yet.
  if job.record.lock.isHeld { return nil }
  // acquire[job.done] ← release in the device's complete(_:). Sees the result.
  guard job.record.isDone.load(.acquire, edge: "job.done") == 1 else { return nil }
  return job.record.result.value
}
