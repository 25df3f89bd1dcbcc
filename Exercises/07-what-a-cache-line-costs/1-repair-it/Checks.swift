// explorations: 2

import Exercise
import ExerciseKit

/// One desk, explored and then measured.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      neighboursAreFree, sharedIsFree, countingByHand)

    grader.ExerciseKit::explore("every look counts, and the flag is read") { lab in
      let desk = lab.Explorer::allocate(Exercise::Desk())
      lab.Explorer::thread("device", cpu: 2) { desk.record.isDone.store(1, .relaxed) }
      for cpu in 0..<2 {
        lab.Explorer::thread("looker \(cpu)", cpu: cpu) {
          for _ in 0..<2 { _ = Exercise::look(at: desk, cpu: cpu) }
        }
      }
      lab.Explorer::finally {
        let count = Exercise::lookCount(of: desk)
        lab.Explorer::expect(count == 4, "Four looks were made, and \(count) are counted.")
        lab.Explorer::expect(
          Exercise::look(at: desk, cpu: 0), "The work is done, and a look does not see it.")
        lab.Explorer::free(desk)
      }
    }
    // Four lines have to come: each CPU's first look brings the flag and a counter of its own.
    grader.ExerciseKit::measure(
      "two CPUs that look in turn, four times each, find their lines in their own caches",
      atMost: Cost(updates: 8, barriers: 0, transfers: 4)
    ) { lab in
      let desk = Machine.allocate(alignment: 64, Exercise::Desk())
      for turn in 0..<8 {
        lab.Explorer::thread("look \(turn)", cpu: turn % 2) {
          _ = Exercise::look(at: desk, cpu: turn % 2)
        }
      }
      lab.Explorer::finally { Machine.free(desk) }
    }
  }

  // MARK: - Beliefs

  static let neighboursAreFree = Misconception(
    "neighbours-are-free", shownBy: .tooCostly, rule: "too-costly/transfers",
    "A word of one's own is not a line of one's own: whoever writes a neighbour takes the whole "
      + "line away (lesson 07, who pays for a neighbour).")
  static let sharedIsFree = Misconception(
    "an-update-is-an-update", shownBy: .tooCostly, rule: "too-costly/updates",
    "One update for each look is all the counting needs, and where only one CPU writes a counter "
      + "not even that (lesson 07, who pays for a neighbour).")
  static let countingByHand = Misconception(
    "relaxed-is-atomic-enough", shownBy: .expectationFailed,
    "A look was lost, or was none: it reads the flag, and it counts in one step, or in a counter "
      + "with one writer, because a load and a store are two steps (lesson 07, who pays for a "
      + "neighbour).")
}
