// expects: expectation failed, rule=expectation, misconception=the-error-has-time
// Who was first is known, and how it ended is not told.

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
  if !fence.checkAndSignal() { close(job, fence) }
  _ = failure
}
