// explorations: 7

import Exercise
import ExerciseKit

/// One job and its fence, which somebody keeps, asks, waits for, or has a callback on.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      signaledNeedsNoLock, callbacksComeLater, handlerWaits, lockComesAlong, lockGuardsNothing,
      unbalanced, notCounted, reference, referenceTwice, quiet, stuck)

    grader.ExerciseKit::explore("an importer asks a fence whose driver closes") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let fence = Exercise::submit(channel)
      lab.Explorer::thread("driver", cpu: 0) {
        Exercise::handleInterrupt(channel)
        Exercise::close(channel)
      }
      lab.Explorer::thread("importer", cpu: 1) {
        _ = fence.status()
        fence.put()
      }
    }
    grader.ExerciseKit::explore("an importer waits for a job that is given up") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let fence = Exercise::submit(channel)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::close(channel) }
      lab.Explorer::thread("importer", cpu: 1) {
        fence.wait()
        lab.Explorer::expect(
          fence.status() == .failed(.noDevice), "The job was given up, and the fence says no.")
        fence.put()
      }
    }
    grader.ExerciseKit::explore("a callback asks how many jobs are over") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let givesUp = lab.Explorer::choose(below: 2, "the job is given up") == 1
      withCallback(lab, channel) {
        if !givesUp { Exercise::handleInterrupt(channel) }
        Exercise::close(channel)
      }
    }
    grader.ExerciseKit::explore("the interrupt meets a question on its own CPU") { lab in
      asked(lab, cpu: 0)
    }
    grader.ExerciseKit::explore("the interrupt meets a question on another CPU") { lab in
      asked(lab, cpu: 1)
    }
    grader.ExerciseKit::explore("the interrupt meets a new job") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::thread("submitter", cpu: 1) { Exercise::submit(channel).put() }
      lab.Explorer::finally { Exercise::close(channel) }
    }
    grader.ExerciseKit::explore("a job is over, and the next one begins") { lab in
      let channel = lab.Explorer::allocate(Exercise::Channel())
      let older = Exercise::submit(channel)
      let younger = lab.Explorer::allocate(NextJob())
      lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
      lab.Explorer::thread("submitter", cpu: 1) {
        older.wait()
        younger.record.fence.value = Exercise::submit(channel)
      }
      lab.Explorer::finally {
        Exercise::close(channel)
        let fence = younger.record.fence.value
        lab.Explorer::expect(
          fence?.status() == .failed(.noDevice), "The next job was given up, and nobody says so.")
        fence?.put()
        older.put()
        lab.Explorer::free(younger)
      }
    }
  }

  /// One job with a callback that calls the driver back.
  static func withCallback(
    _ lab: Explorer::Lab, _ channel: Object<Exercise::Channel>,
    _ end: @escaping @Sendable () -> Void
  ) {
    let fence = Exercise::submit(channel)
    let callback = lab.Explorer::allocate(FenceCallback())
    try? fence.addCallback(callback) { _, _ in
      lab.Explorer::expect(
        Exercise::finishedCount(channel) == 1, "The fence is signaled, and its job is not counted.")
    }
    lab.Explorer::thread("driver", cpu: 0, end)
    lab.Explorer::finally {
      fence.put()
      lab.Explorer::free(callback)
    }
  }

  /// One job that ends while somebody asks for the count.
  static func asked(_ lab: Explorer::Lab, cpu: Int) {
    let channel = lab.Explorer::allocate(Exercise::Channel())
    let fence = Exercise::submit(channel)
    lab.Explorer::interrupt("interrupt", cpu: 0) { Exercise::handleInterrupt(channel) }
    lab.Explorer::thread("asker", cpu: cpu) {
      let isSignaled = fence.status() == .done
      let count = Exercise::finishedCount(channel)
      lab.Explorer::expect(
        !isSignaled || count == 1, "The fence is signaled, and its job is not counted.")
    }
    lab.Explorer::finally {
      fence.put()
      Exercise::close(channel)
    }
  }

  // MARK: - Beliefs

  static let signaledNeedsNoLock = Misconception(
    "signaled-needs-no-lock", shownBy: .useAfterFree,
    "Whoever asks a signaled fence takes its lock, and nobody tells you when the last one has "
      + "asked: a lock that lies in your channel cannot be given up with it (lesson 04, the "
      + "failing schedule).")
  static let callbacksComeLater = Misconception(
    "callbacks-come-later", shownBy: .deadlock, rule: "deadlock/self",
    "Callbacks run inside the signal, and may call you back: signal when you hold no lock that "
      + "they may want (lesson 04, what the shared lock gave).")
  static let handlerWaits = Misconception(
    "the-handler-waits-its-turn", shownBy: .deadlock, rule: "deadlock/interrupt",
    "An interrupt handler that wants a lock takes the CPU from whoever holds it there: a lock that "
      + "a handler takes is held with interrupts off (lesson 04, what the lock is for).")
  static let lockComesAlong = Misconception(
    "the-lock-comes-along", shownBy: .expectationFailed, rule: "warning",
    "`signalLocked` wants the fence's lock, and the lock you hold is another one now: call "
      + "`signal()`, which takes it. An error belongs above the signal (lesson 04, what the shared "
      + "lock gave).")
  static let lockGuardsNothing = Misconception(
    "the-lock-comes-along", shownBy: .dataRace,
    "The fence's lock guards the fence, for as long as you have a reference. What the channel "
      + "keeps is still changed by several, and still needs the channel's lock (lesson 04, who "
      + "owns what).")
  static let unbalanced = Misconception(
    "the-lock-comes-along", shownBy: .lockMisuse,
    "Each lock is given back once, by whoever took it (lesson 04, what the lock is for).")
  static let notCounted = Misconception(
    "signaled-is-last", shownBy: .expectationFailed, rule: "expectation",
    "The signal hands over what was done before it: error and count belong above it, and so does "
      + "the empty place for the next job (lesson 01, what may be relied on).")
  static let reference = Misconception(
    "signal-gives-back", shownBy: .leak,
    "The channel had a reference to the fence of its job: whoever takes the fence out gives it "
      + "back after the signal (lesson 02, who owns what).")
  static let referenceTwice = Misconception(
    "signal-gives-back", shownBy: .doubleFree,
    "What was taken once is given back once (lesson 02, who owns what).")
  static let quiet = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "A job that is given up still owes its signal (lesson 01, what may be relied on).")
  static let stuck = Misconception(
    "failure-keeps-quiet", shownBy: .deadlock, rule: "deadlock",
    "A job that is given up still owes its signal (lesson 01, what may be relied on).")
}

/// What the submitter of the next job leaves for the end.
struct NextJob: ~Copyable {
  let fence = Cell<Fence?>(nil)
}
