// explorations: 2

import Exercise
import ExerciseKit

/// One fence that two callers end, then three fences and a count.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      testHolds, testGrew, succeeds, onlyTheLockKnows, barriersKeepOut, lockNests, keepsQuiet)

    var options = ExplorationOptions()
    options.memory = .weak
    grader.ExerciseKit::explore("the first caller decides, once and for all", options: options) {
      lab in
      let fence = Fence.make(operations: Driver.operations, context: 1, seqno: 1)
      let witness = lab.Explorer::allocate(Witness())
      try? fence.addCallback(Witness.callback.field(of: witness), Witness.look)
      lab.Explorer::thread("device", cpu: 0) { Exercise::end(fence, failure: nil) }
      lab.Explorer::thread("watchdog", cpu: 1) { Exercise::end(fence, failure: .timeExpired) }
      lab.Explorer::finally {
        let said = witness.record.status.value
        lab.Explorer::expect(said != 0, "Both callers are back, and the fence was not signaled.")
        lab.Explorer::expect(
          said == (witness.record.cpu.value == 0 ? 1 : Errno.timeExpired.kernelValue),
          "The fence must say what the one who signaled it said.")
        lab.Explorer::expect(
          fence.status().kernelValue == said, "What the fence says must not change any more.")
        fence.put()
        lab.Explorer::free(witness)
      }
    }
    // Each fence is ended once: three updates, for the lock and for two bits. Its line comes to
    // the CPU that ends it and to the watchdog's, and so does a word that all signals share.
    grader.ExerciseKit::measure(
      "two fences are done and one hangs, and the watchdog comes by three times",
      atMost: Cost(updates: 9, barriers: 0, transfers: 7)
    ) { lab in
      let fences = (1...3).map {
        Fence.make(operations: Driver.operations, context: 1, seqno: $0)
      }
      lab.Explorer::thread("device", cpu: 0) {
        for fence in fences.prefix(2) { Exercise::end(fence, failure: nil) }
      }
      for round in 0..<3 {
        lab.Explorer::thread("watchdog \(round)", cpu: 1) {
          for fence in fences { Exercise::end(fence, failure: .timeExpired) }
        }
      }
      lab.Explorer::finally {
        for fence in fences { fence.put() }
      }
    }
  }

  // MARK: - Beliefs

  static let testHolds = Misconception(
    "a-test-holds", shownBy: .expectationFailed, rule: "warning",
    "Without the lock, a test before the error is out of date when the error comes, and an answer "
      + "after it comes too late: the fence had said that all went well (lesson 08, one step).")
  static let testGrew = Misconception(
    "a-test-holds", shownBy: .dataRace,
    "An error that is written without the lock meets the other caller's signal, which reads it "
      + "(lesson 08, one step).")
  static let succeeds = Misconception(
    "signaled-means-succeeded", shownBy: .expectationFailed, rule: "expectation",
    "Signaled says that it is over, and nothing about how: the first caller must signal, with its "
      + "own error and nobody else's (lesson 08, one step).")
  static let onlyTheLockKnows = Misconception(
    "only-the-lock-knows", shownBy: .tooCostly, rule: "too-costly/updates",
    "A fence that is signaled stays so: who reads the bit and finds it set needs no lock to "
      + "believe it (lesson 08, who was first).")
  static let barriersKeepOut = Misconception(
    "barriers-keep-others-out", shownBy: .tooCostly, rule: "too-costly/barriers",
    "A barrier orders your own accesses and keeps nobody out: what must be one step needs the "
      + "lock, which orders already (lesson 08, who was first).")
  static let lockNests = Misconception(
    "the-lock-covers-the-cleanup", shownBy: .deadlock, rule: "deadlock/self",
    "`status` and `signal` take the fence's lock themselves: with the lock held, call "
      + "`statusLocked` and `signalLocked` (lesson 08, one step).")
  static let keepsQuiet = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "A fence that failed still owes its signal (lesson 08, one step).")
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
