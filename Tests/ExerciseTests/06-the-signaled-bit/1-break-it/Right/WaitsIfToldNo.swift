// expects: passed
// Told no, it sleeps until the callbacks are over.

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
  fence.get()
  lab.thread("signaler", cpu: 0) {
    fence.signal()
    fence.put()
  }
  lab.thread("waiter", cpu: 1) {
    // Told no, it takes its callback back. Told yes, it believes that nobody needs the job.
    if !fence.isSignaled() { fence.wait() }
    lab.free(job)
    fence.put()
  }
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  static let nothingMore = FenceCallback.Function { _, _ in }
}
