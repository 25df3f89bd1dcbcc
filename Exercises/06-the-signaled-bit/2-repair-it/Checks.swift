// explorations: 3

import Exercise
import ExerciseKit

/// Three worlds for one function.
///
/// In each of them every job must be freed once, after the last use of it and of its callback, and
/// nobody may wait for ever.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      signaledMeansDone, laterMeansDone, somebodyFrees, freeingAgain, lockNests, keepsTheLock,
      masksTheInterrupt)

    grader.ExerciseKit::explore("one waiter frees its job") { lab in
      let fence = pendingFence()
      let job = pendingJob(on: fence)
      lab.Explorer::thread("signaler", cpu: 0) { complete(job, fence) }
      wait(for: job, fence, on: 1, lab)
    }
    grader.ExerciseKit::explore("a second waiter gives up meanwhile") { lab in
      let fence = pendingFence()
      let (job, other) = (pendingJob(on: fence), pendingJob(on: fence))
      fence.get()
      lab.Explorer::thread("signaler", cpu: 0) { complete(job, fence) }
      wait(for: job, fence, on: 1, lab)
      // Nothing is ever written to this job, so its waiter need not wait for the device.
      lab.Explorer::thread("second waiter", cpu: 2) {
        fence.removeCallback(Driver.callback(of: other))
        Machine.free(other)
      }
      lab.Explorer::finally { fence.put() }
    }
    grader.ExerciseKit::explore("the signaler interrupts the waiter") { lab in
      let fence = pendingFence()
      let job = pendingJob(on: fence)
      lab.Explorer::interrupt("signaler", cpu: 0) { complete(job, fence) }
      wait(for: job, fence, on: 0, lab)
    }
  }

  // MARK: - The world

  /// A fence with a reference for the signaler and one for the waiter.
  static func pendingFence() -> Fence {
    Fence.make(operations: Driver.operations, context: 1, seqno: 1).get()
  }

  /// A job whose callback is on the fence.
  static func pendingJob(on fence: Fence) -> Object<Exercise::Job> {
    let job = Machine.allocate(Exercise::Job())
    try? fence.addCallback(Driver.callback(of: job), Driver.nothingMore)
    return job
  }

  /// The device: writes its result, then signals.
  static func complete(_ job: Object<Exercise::Job>, _ fence: Fence) {
    job.record.result.value = 1
    fence.signal()
    fence.put()
  }

  static func wait(
    for job: Object<Exercise::Job>, _ fence: Fence, on cpu: Int, _ lab: Explorer::Lab
  ) {
    lab.Explorer::thread("waiter", cpu: cpu) {
      Exercise::finish(job, Driver.callback(of: job), fence)
      fence.put()
    }
  }

  // MARK: - Beliefs

  static let signaledMeansDone = Misconception(
    "signaled-means-done", shownBy: .useAfterFree,
    "You took a bit for the end of the work: it is set before the callbacks run, so what it "
      + "allows you to free is still in use (lesson 06, what the bit promises).")
  static let laterMeansDone = Misconception(
    "signaled-means-done", shownBy: .dataRace,
    "You took something else that is written early for the end of the work: neither the result nor "
      + "a later bit orders anything (lesson 06, what the bit promises).")
  static let somebodyFrees = Misconception(
    "somebody-else-frees", shownBy: .leak,
    "Nobody else frees the job: taking its callback back, or waiting, leaves the memory yours "
      + "(lesson 06, who owns what).")
  static let freeingAgain = Misconception(
    "freeing-again-is-harmless", shownBy: .doubleFree,
    "Memory that was freed is not yours to free again, whatever the bit says the second time "
      + "(lesson 06, who owns what).")
  static let lockNests = Misconception(
    "the-fence-lock-nests", shownBy: .deadlock, rule: "deadlock/self",
    "A spinlock does not count its holder's calls: what takes the fence's lock must not be called "
      + "with it held (lesson 06, who owns what).")
  static let keepsTheLock = Misconception(
    "the-bit-comes-by-itself", shownBy: .deadlock,
    "The signaler needs the fence's lock before it can set the bit: give the lock back before you "
      + "wait (lesson 06, who owns what).")
  static let masksTheInterrupt = Misconception(
    "the-bit-comes-by-itself", shownBy: .endlessWait,
    "What you wait for, somebody must still be able to do: a signaler in an interrupt handler, for "
      + "one, needs this CPU's interrupts (lesson 06, who owns what).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  /// The callback's own work is of no matter here: to walk past it is a use already.
  static let nothingMore = FenceCallback.Function { _, _ in }

  static func callback(of job: Object<Exercise::Job>) -> Object<FenceCallback> {
    Object(machineAddress: job.record.callback.address)
  }
}
