// explorations: 6

import Exercise
import ExerciseKit

/// Up to three fences; a handler that is asked, called back, and measured.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      callbacksComeLater, lockComesAlong, notTheFencesLock, lockMisuse, unsaid, reference,
      referenceTwice, aLockForEach)

    grader.ExerciseKit::explore("a callback asks how many fences wait") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let fence = fence(1, on: channel)
      let callback = lab.Explorer::allocate(FenceCallback())
      try? fence.addCallback(callback) { _, _ in _ = Exercise::waitingCount(channel) }
      Exercise::complete(1, on: channel)
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::finally {
        lab.Explorer::expect(fence.testSignaledFlag(), "The job is over, and nobody says so.")
        fence.put()
        lab.Explorer::free(callback)
        lab.Explorer::free(channel)
      }
    }
    grader.ExerciseKit::explore("two of three jobs are over, the oldest first") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let fences = (1...3).map { fence($0, on: channel) }
      Exercise::complete(2, on: channel)
      lab.Explorer::thread("handler", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::thread("looker", cpu: 1) {
        let isYoungerSignaled = fences[1].status() == .done
        lab.Explorer::expect(
          !isYoungerSignaled || fences[0].testSignaledFlag(),
          "Fence 2 is signaled, and fence 1 is not.")
      }
      lab.Explorer::finally {
        let states = fences.map { $0.testSignaledFlag() }
        lab.Explorer::expect(
          states == [true, true, false], "Two jobs are over, and the signals do not say so.")
        Exercise::complete(3, on: channel)
        Exercise::handleInterrupt(channel)
        for fence in fences { fence.put() }
        lab.Explorer::free(channel)
      }
    }
    grader.ExerciseKit::explore("somebody submits and asks meanwhile") { lab in submitted(lab) }
    grader.ExerciseKit::explore("nobody else has the fence any more") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      fence(1, on: channel).put()
      Exercise::complete(1, on: channel)
      lab.Explorer::thread("handler", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::finally { lab.Explorer::free(channel) }
    }
    grader.ExerciseKit::explore("the first fence is submitted meanwhile") { lab in
      firstSubmitted(lab)
    }
    // The driver's lock once; each fence's lock, its bits for signal and time, and its count.
    grader.ExerciseKit::measure(
      "a handler that finds three jobs over takes the driver's lock once",
      atMost: Cost(updates: 13, barriers: 0, transfers: 5)
    ) { lab in
      let channel = Machine.allocate(alignment: 64, Exercise::Channel())
      let fences = (1...3).map { fence($0, on: channel) }
      Exercise::complete(3, on: channel)
      lab.Explorer::thread("handler", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::finally {
        for fence in fences { fence.put() }
        Machine.free(channel)
      }
    }
  }

  /// One job is over while somebody submits the next and asks.
  static func submitted(_ lab: Explorer::Lab) {
    let channel = lab.Explorer::allocate(Exercise::Channel())
    let older = fence(1, on: channel)
    Exercise::complete(1, on: channel)
    lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
    lab.Explorer::thread("submitter", cpu: 1) {
      let younger = fence(2, on: channel)
      _ = Exercise::waitingCount(channel)
      younger.put()
    }
    lab.Explorer::finally {
      lab.Explorer::expect(older.testSignaledFlag(), "The job is over, and nobody says so.")
      older.put()
      Exercise::complete(2, on: channel)
      Exercise::handleInterrupt(channel)
      lab.Explorer::free(channel)
    }
  }

  /// A fence is submitted to an empty channel, and its job is over at once.
  static func firstSubmitted(_ lab: Explorer::Lab) {
    let channel = lab.Explorer::allocate(Exercise::Channel())
    Exercise::complete(1, on: channel)
    lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
    lab.Explorer::thread("submitter", cpu: 1) { fence(1, on: channel).put() }
    lab.Explorer::finally {
      Exercise::handleInterrupt(channel)
      lab.Explorer::expect(
        Exercise::waitingCount(channel) == 0, "The job is over, and its fence still waits.")
      lab.Explorer::free(channel)
    }
  }

  /// The fence of a job, appended, with a reference for the caller.
  static func fence(_ seqno: UInt64, on channel: Object<Exercise::Channel>) -> Fence {
    let fence = Fence.make(operations: Driver.operations, context: 7, seqno: seqno)
    Exercise::append(fence.get(), to: channel)
    return fence
  }

  // MARK: - Beliefs

  static let callbacksComeLater = Misconception(
    "callbacks-come-later", shownBy: .deadlock, rule: "deadlock/self",
    "Callbacks run inside the signal, and may call the driver back: signal when you hold no lock "
      + "that they may want (lesson 04, what the shared lock gave).")
  static let lockComesAlong = Misconception(
    "the-lock-comes-along", shownBy: .dataRace,
    "The fences' locks guard the fences. The channel's cells are still changed by several, and "
      + "still need the channel's lock (lesson 04, who owns what).")
  static let notTheFencesLock = Misconception(
    "the-lock-comes-along", shownBy: .expectationFailed, rule: "warning",
    "`signalLocked` wants the fence's own lock, and the channel's is another one (lesson 04, what "
      + "the shared lock gave).")
  static let lockMisuse = Misconception(
    "the-lock-comes-along", shownBy: .lockMisuse,
    "Each lock is given back once, by whoever took it (lesson 04, what the lock is for).")
  static let unsaid = Misconception(
    "one-interrupt-one-fence", shownBy: .expectationFailed, rule: "expectation",
    "One interrupt may stand for several jobs, and no other will come for them: signal all that "
      + "are over, the oldest first (lesson 04, what the shared lock gave).")
  static let reference = Misconception(
    "signal-gives-back", shownBy: .leak,
    "The channel had a reference to each fence: whoever takes a fence out gives it back after the "
      + "signal (lesson 02, who owns what).")
  static let referenceTwice = Misconception(
    "signal-gives-back", shownBy: .useAfterFree,
    "A reference is given back once, and after the last use (lesson 02, who owns what).")
  static let aLockForEach = Misconception(
    "a-lock-for-each", shownBy: .tooCostly,
    "You took the driver's lock for each fence anew, though nothing had to happen in between: what "
      + "one lock guards can be taken out at once (lesson 04, what the shared lock gave).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
