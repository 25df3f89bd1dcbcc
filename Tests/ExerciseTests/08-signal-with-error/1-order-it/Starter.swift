// expects: deadlock, rule=deadlock/self, misconception=the-lock-covers-the-cleanup
// # Order it
//
// Two people may end one job: the interrupt handler of the device, which calls `end` without a
// failure, and a watchdog on another CPU, which calls it with one. The first of the two decides
// how the job ended, the fence tells it to everybody, and the first of the two also closes the
// job. The other one must leave no trace.
//
// The six lines below do all that, in the right order. They stand in a wrong one. No line is
// missing, and none is needless. `close` is finished: read it for what it needs.
//
// The checks run both callers in every order, and each of them alone. See
// [one step](../../../Lessons/08-signal-with-error/lesson.md#one-step).

import ExerciseKit

/// A job of the device; it outlives neither its end nor its closing.
public struct Job: ~Copyable {
  /// Where the driver keeps what became of its jobs.
  public let book: Object<Book>

  /// A job that is entered in this book when it is closed.
  public init(book: Object<Book>) { self.book = book }
}

/// What the driver keeps, longer than any job.
public struct Book: ~Copyable {
  /// What the fence said when the job was closed; 0 before.
  public let status = Cell<Int32>(0)

  /// An empty book.
  public init() {}
}

/// Frees the job, and enters in the book what the fence says.
public func close(_ job: Object<Job>, _ fence: Fence) {
  let book = job.record.book
  Machine.free(job)
  // `status` takes the fence's lock.
  book.record.status.value = fence.status().kernelValue
}

/// Ends a job, unless somebody has ended it before.
///
/// - Parameters:
///   - job: Closed by whoever is first; the other one must not touch it.
///   - fence: Signaled by whoever is first. The caller keeps its reference until this returns.
///   - failure: What went wrong, or nil.
public func end(_ job: Object<Job>, _ fence: Fence, failure: Errno?) {
  var isOver = false
  // Change the order below this line …
  isOver = fence.testSignaledFlag()
  if let failure, !isOver { fence.setError(failure) }
  fence.lockIRQSave()
  if !isOver { fence.signalLocked() }
  if !isOver { close(job, fence) }
  fence.unlockIRQRestore()
  // … and above this line.
}
