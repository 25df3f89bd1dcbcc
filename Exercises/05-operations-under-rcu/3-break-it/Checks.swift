// explorations: 2

import Exercise
import ExerciseKit

/// One scenario, which must tell two designs apart.
///
/// It must fail where the pointer guards the names, by the named rule, and hold in every execution
/// where the signaled bit does.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      signaledMeansDetached, failsAnyway, freedTwice, neverFreed, otherFailure, racesOnTheWay)

    grader.ExerciseKit::explore(
      "the pointer guards the names: the ring is freed while a reader is inside",
      expecting: .fails(.useAfterFree, rule: "use-after-free")
    ) { lab in
      Exercise::scenario(lab)
    }
    grader.ExerciseKit::explore(
      "the flag guards the names: nothing can go wrong",
      under: FencePolicy(nameGuard: .signaledFlag)
    ) { lab in
      Exercise::scenario(lab)
    }
  }

  // MARK: - Beliefs

  static let signaledMeansDetached = Misconception(
    "signaled-means-detached", shownBy: .passed,
    "Most fences let their table go when they are signaled, and then no reader gets to the ring: "
      + "look for the tables that stay, and for a reader of the name that uses the ring (lesson "
      + "05, which tables stay).")
  static let failsAnyway = Misconception(
    "any-failure-will-do", shownBy: .useAfterFree,
    "The flag does not cure this scenario, so the pointer is not what it accuses: a driver that frees "
      + "too early, or twice, is wrong under every design (lesson 05, who owns what).")
  static let freedTwice = Misconception(
    "somebody-else-frees", shownBy: .doubleFree,
    "Ring, table and reference are given back once each (lesson 05, who owns what).")
  static let neverFreed = Misconception(
    "somebody-else-frees", shownBy: .leak,
    "The ring is the driver's to free, and so is a fence whose table has a release: nobody else "
      + "does it (lesson 05, who owns what).")
  static let otherFailure = Misconception(
    "any-failure-will-do", shownBy: .expectationFailed,
    "Something else fails before a reader gets to the ring (lesson 05, which tables stay).")
  static let racesOnTheWay = Misconception(
    "any-failure-will-do", shownBy: .dataRace,
    "Something else fails before a reader gets to the ring (lesson 05, which tables stay).")
}
