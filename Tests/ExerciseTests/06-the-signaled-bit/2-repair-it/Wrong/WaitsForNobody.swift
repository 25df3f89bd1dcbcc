// expects: endless wait, rule=endless-wait, misconception=the-bit-comes-by-itself
// It adds a callback of its own, which never says that it ran.

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
  let note = Machine.allocate(Note())
  let own = Object<FenceCallback>(machineAddress: note.record.callback.address)
  do {
    try fence.addCallback(own, Note.mark)
    Machine.spin(until: note.record.isDone.equals(1, .acquire))
  } catch {}
  fence.withLock {}
  Machine.free(note)
  Machine.free(job)
}

struct Note: ~Copyable {
  let callback = FenceCallback()
  let isDone = Word<UInt32>(0)
  static let mark = FenceCallback.Function { _, callback in
    // Not of this file: which note it is cannot be said here.
  }
}
