// expects: too costly, rule=too-costly/updates, misconception=an-uncontended-lock-is-free
// # Choose it
//
// A device writes its result into a job and then sets the job's flag. CPUs that want the result
// look at the flag, again and again, long after it was set: they only read, and nobody writes any
// more.
//
// `take` looks under the job's lock. That is correct, and it takes the line away from everybody
// else at every look. Choose the cheapest access that is still correct: whoever finds the flag set
// must also see the result that was written before it.
//
// Correct means that every execution on the kernel's weak memory is fine. Cost is counted on one
// fixed schedule: the device on CPU 0 first, then three CPUs that look in turn, three times each.
// It counts updates (read-modify-writes), barriers, and lines that had to come from elsewhere.
// The cheapest correct access needs no update, no barrier, and one line for each CPU. A barrier, if
// you want to see what one costs, is `Machine.barrier(.full, edge: "job.done")`. See
// [order](../../../Lessons/07-what-a-cache-line-costs/lesson.md#what-a-look-may-rely-on).

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
  // Change the code below this line …
  job.record.lock.lock()
  defer { job.record.lock.unlock() }
  guard job.record.isDone.load(.relaxed) == 1 else { return nil }
  return job.record.result.value
  // … and above this line.
}
