// expects: expectation failed, rule=expectation
// The result is not given out before it is asked for, and never.

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
  nil
}
