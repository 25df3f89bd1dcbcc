// explorations: 3

import Exercise
import ExerciseKit

/// One channel and one fence; somebody else has let go of it, asks it, or waits for it.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      heldIsKept, usedAfterPut, notHeld, notTaken, unknownOwner, neverSignaled, stuck)

    grader.ExerciseKit::explore("nobody else has the fence any more") { lab in
      world(lab) { fence in fence.put() }
    }
    grader.ExerciseKit::explore("an importer asks how the job went") { lab in
      world(lab) { fence in
        _ = fence.status()
        fence.put()
      }
    }
    grader.ExerciseKit::explore("an importer waits for the job") { lab in
      world(lab) { fence in
        fence.wait()
        fence.put()
      }
    }
  }

  static func world(_ lab: Explorer::Lab, _ importer: @escaping @Sendable (Fence) -> Void) {
    let channel = lab.Explorer::allocate(Exercise::Channel())
    channel.record.owners.get()
    let table = lab.Explorer::allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        release: { fence in
          fence.free()
          Exercise::Channel.giveBack(channel)
        }))
    let lock = Object<SpinLock>(machineAddress: channel.record.lock.address)
    let fence = Fence.make(operations: table, lock: lock, context: 7, seqno: 1)
    fence.get()
    lab.Explorer::thread("driver", cpu: 0) { Exercise::close(channel, fence) }
    lab.Explorer::thread("importer", cpu: 1) { importer(fence) }
    lab.Explorer::finally { lab.Explorer::free(table) }
  }

  // MARK: - Beliefs

  static let heldIsKept = Misconception(
    "held-is-kept", shownBy: .useAfterFree,
    "Holding a lock keeps others out, and keeps no memory: whoever gives the channel's last part "
      + "back must be through with the lock (lesson 04, count the channel).")
  static let usedAfterPut = Misconception(
    "held-is-kept", shownBy: .dataRace,
    "A reference that was given back keeps nothing: the fence may have ended, and its part of the "
      + "channel with it (lesson 04, count the channel).")
  static let notHeld = Misconception(
    "the-lock-comes-along", shownBy: .expectationFailed, rule: "warning",
    "`signalLocked` takes no lock, it believes you: the fence's lock must be held around it, and "
      + "the fence must be yours until then (lesson 04, what the lock is for).")
  static let notTaken = Misconception(
    "the-lock-comes-along", shownBy: .lockMisuse,
    "A lock is given back by whoever took it, after it was taken (lesson 04, what the lock is "
      + "for).")
  static let unknownOwner = Misconception(
    "held-is-kept", shownBy: .doubleFree,
    "Each part of the channel is given back once (lesson 04, count the channel).")
  static let neverSignaled = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "Whoever waits is owed the signal (lesson 01, what may be relied on).")
  static let stuck = Misconception(
    "failure-keeps-quiet", shownBy: .deadlock,
    "Whoever waits is owed the signal, and the lock (lesson 01, what may be relied on).")
}
