// expects: expectation failed, rule=scenario/harmless, misconception=removal-only-unlinks
// # Break it
//
// Upstream's `isSignaled` reads the signaled bit without the fence's lock. Prove that this is less
// than it seems: write a scenario in which a waiter that believes the answer frees memory which is
// still in use.
//
// Your scenario runs under both designs. With the lockless test some execution must break the rule
// `use-after-free`. With the test under the lock every execution must be free of errors. So the
// question `isSignaled()` must be what the waiter relies on, and nothing else may be wrong: each
// record is freed once, each reference is given back, nobody waits for ever. See
// [the failing schedule](../../../Lessons/06-the-signaled-bit/lesson.md#the-failing-schedule).

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

  // Change the code below this line …
  //
  // 1. Put the callback on the fence:     try? fence.addCallback(callback, Driver.nothingMore)
  // 2. A signaler on one CPU:             lab.thread("signaler", cpu: 0) { … }
  // 3. A waiter on another CPU, which asks the fence once and then frees the job.
  //    It may be told no: then `fence.removeCallback(callback)` takes the callback back.
  lab.thread("waiter", cpu: 1) {
    fence.put()
    lab.free(job)
  }
  // … and above this line.
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  static let nothingMore = FenceCallback.Function { _, _ in }
}
