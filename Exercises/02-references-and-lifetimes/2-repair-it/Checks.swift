// explorations: 4

import Exercise
import ExerciseKit

/// One job, whose maker waits, gives up, or sees it end in two ways at once.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      othersKeepIt, othersGone, signalGivesBack, putTwice, putTooOften, lockNests, quiet, stuck,
      unsaid)

    grader.ExerciseKit::explore("the waiter waits, and then gives its reference back") { lab in
      let engine = lab.Explorer::allocate(Exercise::Engine())
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(engine) }
      lab.Explorer::thread("waiter", cpu: 1) {
        let fence = fence()
        Exercise::submit(engine, fence)
        // Nobody would wake it where the interrupt came before the job.
        Exercise::handleInterrupt(engine)
        fence.wait()
        fence.put()
      }
      lab.Explorer::finally { lab.Explorer::free(engine) }
    }
    grader.ExerciseKit::explore("the waiter gives up before the interrupt comes") { lab in
      let engine = lab.Explorer::allocate(Exercise::Engine())
      let fence = fence()
      Exercise::submit(engine, fence)
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(engine) }
      lab.Explorer::thread("waiter", cpu: 1) { fence.put() }
      lab.Explorer::finally { lab.Explorer::free(engine) }
    }
    grader.ExerciseKit::explore("the waiter gives up before the reset") { lab in
      let engine = lab.Explorer::allocate(Exercise::Engine())
      let fence = fence()
      Exercise::submit(engine, fence)
      lab.Explorer::thread("reset", cpu: 0) { Exercise::reset(engine) }
      lab.Explorer::thread("waiter", cpu: 1) { fence.put() }
      lab.Explorer::finally { lab.Explorer::free(engine) }
    }
    grader.ExerciseKit::explore("the reset meets the interrupt") { lab in
      let engine = lab.Explorer::allocate(Exercise::Engine())
      let fence = fence()
      Exercise::submit(engine, fence)
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(engine) }
      lab.Explorer::thread("reset", cpu: 1) { Exercise::reset(engine) }
      lab.Explorer::finally {
        lab.Explorer::expect(
          fence.testSignaledFlag(), "The job is over, and its fence must be signaled.")
        fence.put()
        lab.Explorer::free(engine)
      }
    }
  }

  /// A fence with one reference, the waiter's.
  static func fence() -> Fence {
    Fence.make(operations: Driver.operations, context: 1, seqno: 1)
  }

  // MARK: - Beliefs

  static let othersKeepIt = Misconception(
    "others-keep-it-alive", shownBy: .useAfterFree,
    "The waiter may have given its reference back: whoever signals needs one of its own, from "
      + "before the fence is handed over until after the signal (lesson 02, who owns what).")
  static let othersGone = Misconception(
    "others-keep-it-alive", shownBy: .expectationFailed, rule: "warning",
    "Nothing may reach the fence after its last reference, and no error after its signal: count who "
      + "holds a reference when the fence is handed over, and who gives which back (lesson 02, who "
      + "owns what).")
  static let signalGivesBack = Misconception(
    "signal-gives-back", shownBy: .leak,
    "A signal ends the waiting and no reference: whoever takes the fence out of the engine owns "
      + "the engine's reference, and gives it back after its last use (lesson 02, who owns what).")
  static let putTwice = Misconception(
    "others-keep-it-alive", shownBy: .doubleFree,
    "Each reference is given back once, by whoever holds it (lesson 02, who owns what).")
  static let putTooOften = Misconception(
    "others-keep-it-alive", shownBy: .dataRace,
    "The fence ended under the hands of somebody who still uses it: each user needs a reference of "
      + "its own until after its last use (lesson 02, who owns what).")
  static let lockNests = Misconception(
    "a-fence-is-a-lock", shownBy: .deadlock, rule: "deadlock/self",
    "`signal` takes the fence's lock itself; with the lock held, call `signalLocked` (lesson 01, "
      + "a fence is not a lock).")
  static let quiet = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "A job that is over, in whatever way, owes its signal (lesson 01, what may be relied on).")
  static let stuck = Misconception(
    "failure-keeps-quiet", shownBy: .deadlock, rule: "deadlock",
    "A job that is over, in whatever way, owes its signal (lesson 01, what may be relied on).")
  static let unsaid = Misconception(
    "failure-keeps-quiet", shownBy: .expectationFailed, rule: "expectation",
    "A job that is over, in whatever way, owes its signal (lesson 01, what may be relied on).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
