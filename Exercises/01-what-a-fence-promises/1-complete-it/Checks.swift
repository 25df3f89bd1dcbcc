// explorations: 2

import Exercise
import ExerciseKit

/// Two fates of a job, and a waiter that sleeps until it is told.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      failureKeepsQuiet, failureIsStuck, errorFollows, signaledSucceeded, fenceIsLock, lockNests,
      somebodyElsesReference, putTwice)

    grader.ExerciseKit::explore("a job that runs to its end") { lab in
      world(lab, failure: nil)
    }
    grader.ExerciseKit::explore("a job that the driver gives up") { lab in
      world(lab, failure: .inputOutput)
    }
  }

  static func world(_ lab: Explorer::Lab, failure: Errno?) {
    let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
    let submitted = lab.Explorer::allocate(Word<Bool>(false))
    lab.Explorer::thread("driver", cpu: 0) {
      // relaxed: the job itself is of no matter here.
      lab.Explorer::spin(until: submitted.record.equals(true, .relaxed))
      Exercise::end(fence, failure: failure)
    }
    lab.Explorer::thread("waiter", cpu: 1) {
      // relaxed: as above.
      submitted.record.store(true, .relaxed)
      fence.wait()
      _ = fence.error
    }
    lab.Explorer::finally {
      lab.Explorer::expect(
        fence.error == failure,
        "Who waited must learn what became of the job: \(told(failure)), not \(told(fence.error)).")
      fence.put()
      lab.Explorer::free(submitted)
    }
  }

  static func told(_ error: Errno?) -> String {
    error.map { "error \($0.code)" } ?? "no error"
  }

  // MARK: - Beliefs

  static let failureKeepsQuiet = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "A job that failed still owes its signal: the promise is that the fence is signaled in finite "
      + "time, and nobody else will signal it (lesson 01, what may be relied on).")
  static let failureIsStuck = Misconception(
    "failure-keeps-quiet", shownBy: .deadlock, rule: "deadlock",
    "A job that failed still owes its signal: the promise is that the fence is signaled in finite "
      + "time, and nobody else will signal it (lesson 01, what may be relied on).")
  static let errorFollows = Misconception(
    "error-can-follow", shownBy: .expectationFailed, rule: "warning",
    "Once the fence is signaled, a waiter may have read that all went well: the error must be "
      + "there before the signal (lesson 01, what may be relied on).")
  static let signaledSucceeded = Misconception(
    "signaled-means-succeeded", shownBy: .expectationFailed, rule: "expectation",
    "Signaled says that the job is over, not that it succeeded: the outcome is what you set before "
      + "the signal (lesson 01, what may be relied on).")
  static let fenceIsLock = Misconception(
    "a-fence-is-a-lock", shownBy: .lockMisuse,
    "Nobody holds a fence, so there is nothing to give back: its lock guards its fields for a "
      + "moment, and only a signal ends a wait (lesson 01, a fence is not a lock).")
  static let lockNests = Misconception(
    "a-fence-is-a-lock", shownBy: .deadlock, rule: "deadlock/self",
    "`signal` takes the fence's lock itself; with the lock held, call `signalLocked` "
      + "(lesson 01, a fence is not a lock).")
  static let somebodyElsesReference = Misconception(
    "a-signal-is-the-end", shownBy: .useAfterFree,
    "A signal ends the wait and not the fence: leave the caller's reference alone "
      + "(lesson 01, who owns what).")
  static let putTwice = Misconception(
    "a-signal-is-the-end", shownBy: .doubleFree,
    "A signal ends the wait and not the fence: leave the caller's reference alone "
      + "(lesson 01, who owns what).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
