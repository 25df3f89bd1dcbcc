// explorations: 4

import Exercise
import ExerciseKit

/// One ring at four moments.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      numbersArePromise, leftBehind, signaledEarly, biggerIsLater, biggerIsStuck, lockNests,
      notYourReference, notYourEnd)

    grader.ExerciseKit::explore("nobody sees the second fence signaled before the first") { lab in
      let fences = ring(from: 1, lab)
      lab.Explorer::thread("interrupt handler", cpu: 0) {
        Exercise::signalEnded(fences, completed: 2)
      }
      watch(fences, on: 1, lab)
    }
    grader.ExerciseKit::explore("a job that still runs keeps its fence unsignaled") { lab in
      let fences = ring(from: 1, lab)
      let output = lab.Explorer::allocate(Cell<UInt32>(0))
      lab.Explorer::thread("device and handler", cpu: 0) {
        Exercise::signalEnded(fences, completed: 0)
        Exercise::signalEnded(fences, completed: 1)
        output.record.value = 7
        Exercise::signalEnded(fences, completed: 2)
      }
      lab.Explorer::thread("waiter", cpu: 1) {
        fences[1].wait()
        _ = output.record.value
      }
      lab.Explorer::finally { lab.Explorer::free(output) }
    }
    grader.ExerciseKit::explore("the seqnos wrap between two jobs") { lab in
      let fences = ring(from: .max, lab)
      lab.Explorer::thread("interrupt handler", cpu: 0) {
        Exercise::signalEnded(fences, completed: 0)
      }
      lab.Explorer::thread("waiter", cpu: 1) { fences[0].wait() }
    }
    grader.ExerciseKit::explore("the handler and a look at the same time") { lab in
      let fences = ring(from: .max, lab)
      lab.Explorer::thread("interrupt handler", cpu: 0) {
        Exercise::signalEnded(fences, completed: 0)
      }
      lab.Explorer::thread("look", cpu: 1) {
        Exercise::signalEnded(fences, completed: .max)
      }
      watch(fences, on: 2, lab)
    }
  }

  // MARK: - The world

  /// Two fences with consecutive seqnos, given back when all threads have ended.
  static func ring(from first: UInt32, _ lab: Explorer::Lab) -> [Fence] {
    let fences = [first, first &+ 1].map {
      Fence.make(operations: Driver.operations, context: 1, seqno: UInt64($0))
    }
    let records = fences.map { fence in
      let record = lab.Explorer::allocate(FenceCallback())
      try? fence.addCallback(record, Driver.nothingMore)
      return record
    }
    lab.Explorer::finally {
      for fence in fences { fence.put() }
      for record in records { Machine.free(record) }
    }
    return fences
  }

  /// Looks at the second fence, then at the first.
  static func watch(_ fences: [Fence], on cpu: Int, _ lab: Explorer::Lab) {
    lab.Explorer::thread("watcher", cpu: cpu) {
      let second = fences[1].testSignaledFlag()
      lab.Explorer::expect(
        !second || fences[0].testSignaledFlag(),
        "earlier-first: the second fence is signaled, and the first is not.")
    }
  }

  // MARK: - Beliefs

  static let numbersArePromise = Misconception(
    "numbers-are-a-promise", shownBy: .expectationFailed, rule: "expectation",
    "Seqnos do not order signals by themselves: whoever signals must begin with the oldest fence "
      + "(lesson 01, the failing schedule).")
  static let leftBehind = Misconception(
    "somebody-will-signal", shownBy: .expectationFailed, rule: "warning",
    "A job that has ended was left without its signal, the last one perhaps: nobody will come by "
      + "later and make up for it (lesson 01, what may be relied on).")
  static let signaledEarly = Misconception(
    "submitted-is-done", shownBy: .dataRace,
    "The job behind this seqno still runs and still writes: signal no fence whose job has not "
      + "ended (lesson 01, what may be relied on).")
  static let biggerIsLater = Misconception(
    "bigger-is-later", shownBy: .endlessWait,
    "A job that has ended is still waited for: seqnos wrap, so a smaller number may be the later "
      + "one, and only the sign of the difference tells (lesson 01, numbers that wrap).")
  static let biggerIsStuck = Misconception(
    "bigger-is-later", shownBy: .deadlock, rule: "deadlock",
    "A job that has ended is still waited for: seqnos wrap, so a smaller number may be the later "
      + "one, and only the sign of the difference tells (lesson 01, numbers that wrap).")
  static let lockNests = Misconception(
    "a-fence-is-a-lock", shownBy: .deadlock, rule: "deadlock/self",
    "`signal` takes the fence's lock itself; with the lock held, call `signalLocked` "
      + "(lesson 01, a fence is not a lock).")
  static let notYourReference = Misconception(
    "a-signal-is-the-end", shownBy: .useAfterFree,
    "A signal ends the wait and not the fence: the references are the caller's (lesson 01, "
      + "who owns what).")
  static let notYourEnd = Misconception(
    "a-signal-is-the-end", shownBy: .doubleFree,
    "A signal ends the wait and not the fence: the references are the caller's (lesson 01, "
      + "who owns what).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  /// It only has to be called.
  static let nothingMore = FenceCallback.Function { _, _ in }
}
