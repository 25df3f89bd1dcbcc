// explorations: 3

import Exercise
import ExerciseKit

/// Two worlds without a waiter, and a world with one.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      resultFollows, lineLost, errorFollows, putEarly, putForgotten, putTwice, failureKeepsQuiet,
      failureIsStuck, lockNests)

    grader.ExerciseKit::explore("the driver alone has a reference") { lab in
      let job = lab.Explorer::allocate(Exercise::Job())
      let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::complete(job, fence) }
      lab.Explorer::finally { lab.Explorer::free(job) }
    }
    grader.ExerciseKit::explore("nobody waits") { lab in
      world(lab) { _, fence in fence.put() }
    }
    grader.ExerciseKit::explore("a waiter reads the error and the output") { lab in
      world(lab) { job, fence in
        fence.wait()
        _ = (fence.error, job.record.output.value)
        fence.put()
      }
    }
  }

  static func world(
    _ lab: Explorer::Lab, _ other: @escaping @Sendable (Object<Exercise::Job>, Fence) -> Void
  ) {
    let job = lab.Explorer::allocate(Exercise::Job())
    let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
    // One reference for each of the two, and one to look at what is left.
    fence.get()
    let witness = lab.Explorer::choose(below: 2, "a third reference") == 1
    if witness { fence.get() }
    lab.Explorer::thread("driver", cpu: 0) { Exercise::complete(job, fence) }
    lab.Explorer::thread("other holder", cpu: 1) { other(job, fence) }
    lab.Explorer::finally {
      lab.Explorer::expect(
        job.record.output.value == 7, "The output must be handed over, not be lost.")
      lab.Explorer::free(job)
      guard witness else { return }
      lab.Explorer::expect(
        fence.error == .timeExpired, "The error must be handed over, not be lost.")
      fence.put()
    }
  }

  // MARK: - Beliefs

  static let resultFollows = Misconception(
    "results-can-follow", shownBy: .dataRace,
    "The signal is what hands the output over: what is written behind it may come after the waiter "
      + "has read it (lesson 01, what may be relied on).")
  static let lineLost = Misconception(
    "signaled-means-succeeded", shownBy: .expectationFailed, rule: "expectation",
    "Signaled says that the job is over, and nothing about its outcome: error and output must both "
      + "be written, before the signal (lesson 01, what may be relied on).")
  static let errorFollows = Misconception(
    "error-can-follow", shownBy: .expectationFailed, rule: "warning",
    "Once the fence is signaled, a waiter may have read that all went well: the error must be "
      + "there before the signal (lesson 01, what may be relied on).")
  static let putEarly = Misconception(
    "others-keep-it-alive", shownBy: .useAfterFree,
    "The others may have given their references back: yours is what keeps the fence alive until "
      + "your last use of it (lesson 01, who owns what).")
  static let putForgotten = Misconception(
    "a-signal-is-the-end", shownBy: .leak,
    "A signal ends the wait and not the fence: the driver's reference must be given back "
      + "(lesson 01, who owns what).")
  static let putTwice = Misconception(
    "a-signal-is-the-end", shownBy: .doubleFree,
    "Each holder gives its own reference back, once (lesson 01, who owns what).")
  static let failureKeepsQuiet = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "A job that failed still owes its signal: nobody else will signal the fence (lesson 01, "
      + "what may be relied on).")
  static let failureIsStuck = Misconception(
    "failure-keeps-quiet", shownBy: .deadlock, rule: "deadlock",
    "A job that failed still owes its signal: nobody else will signal the fence (lesson 01, "
      + "what may be relied on).")
  static let lockNests = Misconception(
    "a-fence-is-a-lock", shownBy: .deadlock, rule: "deadlock/self",
    "`signal` takes the fence's lock itself; with the lock held, call `signalLocked` "
      + "(lesson 01, a fence is not a lock).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
