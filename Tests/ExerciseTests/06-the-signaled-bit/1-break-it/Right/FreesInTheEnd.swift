// expects: passed
// Told no, it leaves the job to whoever cleans up when all threads have ended.

import ExerciseKit

/// What the waiter keeps while it waits; the fence's list will lead to the callback in it.
struct Job: ~Copyable {
  let callback = FenceCallback()
}

/// Builds one world; the explorer then tries every order of its threads' steps.
public func scenario(_ lab: Lab) {
  let job = lab.allocate(Job())
  // One reference. Each thread that uses the fence needs one of its own: `get()` makes another,
  // `put()` gives one back.
  let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
  let callback = Object<FenceCallback>(machineAddress: job.record.callback.address)

  try? fence.addCallback(callback, Driver.nothingMore)
  let isFreed = lab.allocate(Word<Bool>(false))
  lab.thread("signaler", cpu: 0) { fence.signal() }
  lab.thread("waiter", cpu: 1) {
    if fence.isSignaled() {
      lab.free(job)
      // relaxed: read when this thread has ended.
      isFreed.record.store(true, .relaxed)
    }
  }
  lab.finally {
    // relaxed: all threads have ended.
    if !isFreed.record.load(.relaxed) { lab.free(job) }
    lab.free(isFreed)
    fence.put()
  }
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  static let nothingMore = FenceCallback.Function { _, _ in }
}
