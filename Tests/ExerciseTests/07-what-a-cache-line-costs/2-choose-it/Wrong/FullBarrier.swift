// expects: too costly, rule=too-costly/barriers, misconception=barriers-flush-caches
// Correct, and it orders far more than is needed.

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
  guard job.record.isDone.load(.relaxed) == 1 else { return nil }
  Machine.barrier(.full, edge: "job.done")
  return job.record.result.value
}
