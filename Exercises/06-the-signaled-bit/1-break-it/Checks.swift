// explorations: 2

import Exercise
import ExerciseKit

/// One scenario, which must tell two designs apart.
///
/// It must fail under upstream's lockless test, by the named rule, and hold in every execution
/// where the bit is tested under the lock.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      removalOnlyUnlinks, failsAnyway, oneReference, freedLater, asksForEver)

    grader.ExerciseKit::explore(
      "isSignaled without the lock: the job is freed while in use",
      expecting: .fails(.useAfterFree, rule: "use-after-free")
    ) { lab in
      Exercise::scenario(lab)
    }
    grader.ExerciseKit::explore(
      "isSignaled under the lock: nothing can go wrong",
      under: FencePolicy(signaledBit: .underTheLock)
    ) { lab in
      Exercise::scenario(lab)
    }
  }

  // MARK: - Beliefs

  static let removalOnlyUnlinks = Misconception(
    "removal-only-unlinks", shownBy: .passed,
    "Either nobody signals while the waiter frees, or something orders the two: `removeCallback` and "
      + "`wait` take the fence's lock, so they do more than unlink (lesson 06, who owns what).")
  static let failsAnyway = Misconception(
    "any-failure-will-do", shownBy: .useAfterFree,
    "The lock around the test does not cure this scenario, so the test is not what it accuses: "
      + "rely on `isSignaled()` alone, and keep a reference for each thread (lesson 06, "
      + "the failing schedule).")
  static let oneReference = Misconception(
    "one-reference-will-do", shownBy: .dataRace,
    "A thread that uses the fence without a reference of its own may meet its end: call `get()` for "
      + "each before the threads start (lesson 06, who owns what).")
  static let freedLater = Misconception(
    "somebody-else-frees", shownBy: .leak,
    "Nobody else frees the job: where the fence says no, the waiter still owns it (lesson 06, "
      + "who owns what).")
  static let asksForEver = Misconception(
    "asking-is-waiting", shownBy: .notExhaustive,
    "A loop that asks under the lock does something in every turn, so there are ever more "
      + "executions to explore: let the waiter ask once (lesson 06, who owns what).")
}
