// explorations: 3

import Exercise
import ExerciseKit

/// Each caller alone, then both of them, with a witness on the fence's list.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      testHolds, testGrew, errorFollows, bothClose, neverClosed, closedTooEarly, lockNests,
      stillWaiting, needsTheLock)

    grader.ExerciseKit::explore("the device is done, and nobody watches") { lab in
      world(lab, device: true, watchdog: false)
    }
    grader.ExerciseKit::explore("the device hangs, and the watchdog ends the job") { lab in
      world(lab, device: false, watchdog: true)
    }
    grader.ExerciseKit::explore("the device is done while the watchdog gives the job up") { lab in
      world(lab, device: true, watchdog: true)
    }
  }

  static func world(_ lab: Explorer::Lab, device: Bool, watchdog: Bool) {
    let book = lab.Explorer::allocate(Exercise::Book())
    let job = lab.Explorer::allocate(Exercise::Job(book: book))
    let witness = lab.Explorer::allocate(Witness())
    let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
    try? fence.addCallback(Witness.callback.field(of: witness), Witness.look)
    if device {
      lab.Explorer::interrupt("device", cpu: 0) { Exercise::end(job, fence, failure: nil) }
    }
    if watchdog {
      lab.Explorer::thread("watchdog", cpu: 1) {
        Exercise::end(job, fence, failure: .timeExpired)
      }
    }
    lab.Explorer::finally {
      let seen = witness.record.status.value
      lab.Explorer::expect(seen != 0, "The job has ended, and the fence was not signaled.")
      lab.Explorer::expect(
        seen == (witness.record.cpu.value == 0 ? 1 : Errno.timeExpired.kernelValue),
        "The fence must say what the one who signaled it said.")
      lab.Explorer::expect(
        fence.status().kernelValue == seen, "What the fence says must not change any more.")
      lab.Explorer::expect(
        book.record.status.value == seen, "The book must say what the fence says.")
      fence.put()
      lab.Explorer::free(witness)
      lab.Explorer::free(book)
    }
  }

  // MARK: - Beliefs

  static let testHolds = Misconception(
    "a-test-holds", shownBy: .expectationFailed, rule: "warning",
    "The library warns: you signaled without the lock, or an error came behind a signal, your own "
      + "or the other caller's between your test and your error. Test, error and signal are one "
      + "step, under one lock (lesson 08, one step).")
  static let testGrew = Misconception(
    "a-test-holds", shownBy: .dataRace,
    "Two callers that both found the fence unsignaled both go on: test and act under one lock "
      + "(lesson 08, one step).")
  static let errorFollows = Misconception(
    "the-error-has-time", shownBy: .expectationFailed,
    "The error, the signal and the closing are one story with one teller: the error before the "
      + "signal, the book after it, and all of it by whoever was first (lesson 08, one step).")
  static let bothClose = Misconception(
    "everybody-cleans-up", shownBy: .doubleFree,
    "Both callers saw the job end, and one of them ended it: only that one closes the job "
      + "(lesson 08, who was first).")
  static let neverClosed = Misconception(
    "everybody-cleans-up", shownBy: .leak,
    "Somebody must close the job, and that is whoever was first (lesson 08, who was first).")
  static let closedTooEarly = Misconception(
    "everybody-cleans-up", shownBy: .useAfterFree,
    "The job was closed by the other caller, who was first: leave it alone (lesson 08, who was "
      + "first).")
  static let lockNests = Misconception(
    "the-lock-covers-the-cleanup", shownBy: .deadlock,
    "The lock makes one step of test, error and signal, and ends there: the cleanup takes locks "
      + "of its own, here the same one (lesson 08, who was first).")
  static let stillWaiting = Misconception(
    "the-lock-covers-the-cleanup", shownBy: .endlessWait,
    "Who takes the fence's lock must give it back, or everybody else waits (lesson 08, one step).")
  static let needsTheLock = Misconception(
    "a-test-holds", shownBy: .lockMisuse,
    "Signaling needs the lock, which must be taken before the test and given back after the "
      + "signal (lesson 08, one step).")
}

/// Looks at the fence at the moment of its signal.
struct Witness: ~Copyable {
  let callback = FenceCallback()
  /// What the fence said, as the kernel returns it; 0 before the signal.
  let status = Cell<Int32>(0)
  /// Who signaled: 0 the device, 1 the watchdog.
  let cpu = Cell<Int>(-1)

  static let callback = FieldOffset<Witness, FenceCallback> { $0.callback.address }

  static let look = FenceCallback.Function { fence, callback in
    let witness = Witness.callback.record(around: callback)
    witness.record.status.value = fence.error?.kernelValue ?? 1
    witness.record.cpu.value = Conductor.current?.currentCPU ?? -1
  }
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
