// explorations: 2

import Exercise
import ExerciseKit

/// One scenario, which must tell two ways to a reference apart.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      countedIsMine, readsTooMuch, keepsOne, saysTooMuch, sumIsWrong, freedUnderHands)

    grader.ExerciseKit::explore(
      "counting alone: the reader holds the fence of another job",
      expecting: .fails(.expectationFailed, rule: "expectation")
    ) { lab in
      Exercise::scenario(lab) { slot in
        RCU.withReadLock { RCU.dereference(slot.record.newest)?.getUnlessZero() }
      }
    }
    grader.ExerciseKit::explore("looking again: nothing can go wrong") { lab in
      Exercise::scenario(lab) { slot in
        RCU.withReadLock { Fence.get(from: slot.record.newest) }
      }
    }
  }

  // MARK: - Beliefs

  static let countedIsMine = Misconception(
    "alive-means-mine", shownBy: .passed,
    "A reference to a live fence seems to be all there is to have: let the memory be used for "
      + "another job between the reader's look and its count (lesson 02, memory that is used "
      + "again).")
  static let readsTooMuch = Misconception(
    "looking-is-free", shownBy: .dataRace,
    "The context of a fence is plain memory, which is being written while the fence is made: claim "
      + "something about which fence it is, by its address (lesson 02, memory that is used again).")
  static let keepsOne = Misconception(
    "looking-is-free", shownBy: .leak,
    "Whoever holds a reference gives it back, also the one that was the slot's (lesson 02, "
      + "who owns what).")
  static let saysTooMuch = Misconception(
    "any-failure-will-do", shownBy: .expectationFailed, rule: "expectation",
    "The claim fails for a reader that looks again, too, so counting is not what it accuses "
      + "(lesson 02, memory that is used again).")
  static let sumIsWrong = Misconception(
    "looking-is-free", shownBy: .expectationFailed, rule: "warning",
    "The references do not add up: each one that was taken, and the slot's own, is given back once "
      + "(lesson 02, who owns what).")
  static let freedUnderHands = Misconception(
    "others-keep-it-alive", shownBy: .useAfterFree,
    "Something is freed while a thread still uses it: leave freeing to the end (lesson 02, "
      + "who owns what).")
}
