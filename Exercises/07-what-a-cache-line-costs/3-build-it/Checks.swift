// explorations: 2

import Exercise
import ExerciseKit

/// One fence, explored and then measured.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(noIsForever, updatesForANote, askingAgain, looksAside)

    grader.ExerciseKit::explore("the note never says more than the fence, and says it in the end") {
      lab in
      let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
      let notes = (0..<2).map { _ in Machine.allocate(alignment: 64, Exercise::Note()) }
      let isAllowed = lab.Explorer::allocate(Word<Bool>(false))
      lab.Explorer::thread("signaler", cpu: 0) {
        isAllowed.record.store(true, .relaxed)
        fence.signal()
      }
      for (number, note) in notes.enumerated() {
        lab.Explorer::thread("looker \(number)", cpu: 1 + number) {
          let first = Exercise::isSignaled(fence, note)
          let second = Exercise::isSignaled(fence, note)
          lab.Explorer::expect(
            !first && !second || isAllowed.record.load(.relaxed),
            "Told yes before the fence was signaled.")
          lab.Explorer::expect(!first || second, "Told yes, and then no.")
        }
      }
      lab.Explorer::finally {
        for note in notes {
          lab.Explorer::expect(
            Exercise::isSignaled(fence, note), "The fence is signaled, and a look says no.")
          Machine.free(note)
        }
        lab.Explorer::free(isAllowed)
        fence.put()
      }
    }
    // Each CPU needs the fence's line once and its note's line once, and the giver needs the
    // fence's line once: seven. The giver makes two updates in each of three rounds.
    grader.ExerciseKit::measure(
      "after its first look a CPU leaves the fence alone",
      atMost: Cost(updates: 6, barriers: 0, transfers: 7)
    ) { lab in
      let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
      fence.signal()
      let notes = (0..<3).map { _ in Machine.allocate(alignment: 64, Exercise::Note()) }
      for round in 0..<3 {
        for cpu in 0..<3 {
          lab.Explorer::thread("look \(round).\(cpu)", cpu: cpu) {
            _ = Exercise::isSignaled(fence, notes[cpu])
          }
        }
        lab.Explorer::thread("giver \(round)", cpu: 3) { fence.get().put() }
      }
      lab.Explorer::finally {
        for note in notes { Machine.free(note) }
        fence.put()
      }
    }
  }

  // MARK: - Beliefs

  static let noIsForever = Misconception(
    "no-is-forever", shownBy: .expectationFailed,
    "Only a *true* that the fence itself has given may be kept; *not yet* holds for a moment "
      + "(lesson 07, a copy of one's own).")
  static let updatesForANote = Misconception(
    "a-note-needs-an-update", shownBy: .tooCostly, rule: "too-costly/updates",
    "A word that one CPU uses needs no read-modify-write, and neither a lock nor a reference is "
      + "needed to read a bit (lesson 07, a copy of one's own).")
  static let askingAgain = Misconception(
    "reading-is-always-free", shownBy: .tooCostly, rule: "too-costly/transfers",
    "A read is free only while nobody writes to its line: the reference count is the bit's "
      + "neighbour (lesson 07, who pays for a neighbour).")
  static let looksAside = Misconception(
    "barriers-flush-caches", shownBy: .tooCostly, rule: "too-costly/barriers",
    "A barrier fetches nothing newer: coherence already shows each CPU what was written "
      + "(lesson 07, barriers).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
