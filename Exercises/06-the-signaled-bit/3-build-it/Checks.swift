// explorations: 8

import Exercise
import ExerciseKit

/// One fence, asked before, while and after its job ends; then the cost of asking afterwards.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      askingIsLooking, callbackIsLeft, lookLasts, lookLastsAndWarns, yesShowsTheWork, orderIsDear,
      nilStopsReaders, readersNeedNoSection, lockNests, onlyTasksPoll, onlyTasksLock, lockIsFree,
      bringsLines, askingIsWaiting)
    oneAsks(grader)
    othersSignal(grader)
    manyAsk(grader)
  }

  /// One thread, without the lock and with it.
  static func oneAsks(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::explore("the job runs, then it has ended") { lab in
      let world = World(lab)
      lab.Explorer::thread("poller", cpu: 1) {
        lab.Explorer::expect(!world.asks(), "The job still runs, and the answer is true.")
        world.end()
        lab.Explorer::expect(world.asks(), "The job has ended, and the answer is false.")
        lab.Explorer::expect(world.asks(), "The fence is signaled, and the answer is false.")
      }
      lab.Explorer::finally { world.close(lab) }
    }
    grader.ExerciseKit::explore("the same with the lock held") { lab in
      let world = World(lab)
      lab.Explorer::thread("holder", cpu: 1) {
        lab.Explorer::expect(!world.asksLocked(), "The job still runs, and the answer is true.")
        world.end()
        lab.Explorer::expect(world.asksLocked(), "The job has ended, and the answer is false.")
        lab.Explorer::expect(world.asksLocked(), "The fence is signaled, and the answer is false.")
      }
      lab.Explorer::finally { world.close(lab) }
    }
  }

  /// Everything that may happen between a look and a signal.
  static func othersSignal(_ grader: ExerciseKit::Grader) {
    var weak = ExplorationOptions()
    weak.memory = .weak

    grader.ExerciseKit::explore("two pollers while the job ends", options: weak) { lab in
      let world = World(lab)
      lab.Explorer::thread("device", cpu: 0) { world.end() }
      lab.Explorer::thread("poller", cpu: 1) { _ = world.asks() }
      lab.Explorer::thread("second poller", cpu: 2) { _ = world.asks() }
      lab.Explorer::finally { world.close(lab) }
    }
    grader.ExerciseKit::explore("the driver signals and unloads meanwhile", options: weak) { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) {
        world.end()
        world.signal()
        RCU.synchronize()
        Machine.free(world.driver)
      }
      lab.Explorer::thread("poller", cpu: 1) { _ = world.asks() }
      lab.Explorer::finally { world.closeUnloaded(lab) }
    }
    grader.ExerciseKit::explore("a handler polls where a task polls meanwhile") { lab in
      let world = World(lab)
      world.end()
      lab.Explorer::thread("poller", cpu: 1) { _ = world.asks() }
      lab.Explorer::interrupt("polling handler", cpu: 1) { _ = world.asks() }
      lab.Explorer::thread("driver", cpu: 0) { world.signal() }
      lab.Explorer::finally { world.close(lab) }
    }
    grader.ExerciseKit::explore("somebody holds the lock for another reason") { lab in
      let world = World(lab)
      world.end()
      lab.Explorer::thread("holder", cpu: 0) { world.fence.record.lock.withLockIRQSave {} }
      lab.Explorer::thread("poller", cpu: 1) {
        lab.Explorer::expect(world.asks(), "The job has ended, and the answer is false.")
      }
      lab.Explorer::finally { world.close(lab) }
    }
    grader.ExerciseKit::explore("somebody asks with the lock held, and a poller without") { lab in
      let world = World(lab)
      lab.Explorer::thread("device", cpu: 2) { world.end() }
      lab.Explorer::thread("holder", cpu: 0) { _ = world.asksLocked() }
      lab.Explorer::thread("poller", cpu: 1) { _ = world.asks() }
      lab.Explorer::finally { world.close(lab) }
    }
  }

  /// What the question costs when there is nothing left to find out.
  static func manyAsk(_ grader: ExerciseKit::Grader) {
    // Each of three CPUs brings the fence's line once.
    grader.ExerciseKit::measure(
      "three CPUs that ask a signaled fence in turn, three times each, only read",
      atMost: Cost(updates: 0, barriers: 0, transfers: 3)
    ) { lab in
      let world = World(lab)
      world.end()
      world.signal()
      for turn in 0..<9 {
        lab.Explorer::thread("question \(turn)", cpu: 1 + turn % 3) {
          _ = Exercise::isSignaled(world.fence)
        }
      }
      lab.Explorer::finally { world.close(lab) }
    }
  }

  // MARK: - Beliefs

  static let askingIsLooking = Misconception(
    "to-ask-is-to-look", shownBy: .expectationFailed, rule: "expectation",
    "The answer follows the bit, and whoever learns from the driver that the job has ended sees to "
      + "the bit: by signaling, since nobody else may come (lesson 06, to ask is to work).")
  static let callbackIsLeft = Misconception(
    "to-ask-is-to-look", shownBy: .callbackLost,
    "The bit is not the whole signal: the callback belongs to it, and `signalLocked` sees to both "
      + "(lesson 06, to ask is to work).")
  static let lookLasts = Misconception(
    "a-look-lasts", shownBy: .callbackDoubled,
    "Somebody else signaled between the look and the signal: look at the bit again when you have "
      + "the lock (lesson 06, to ask is to work).")
  static let lookLastsAndWarns = Misconception(
    "a-look-lasts", shownBy: .expectationFailed, rule: "warning",
    "What was seen a step ago may be over: ask through a pointer that you have loaded once and "
      + "tested, and signal while the lock keeps others out (lesson 06, to ask is to work).")
  static let yesShowsTheWork = Misconception(
    "yes-shows-the-work", shownBy: .dataRace,
    "A relaxed read shows the word that it reads and nothing that was written before it; the job's "
      + "result needs an order (lesson 06, to ask is to work).")
  static let orderIsDear = Misconception(
    "yes-shows-the-work", shownBy: .tooCostly, rule: "too-costly/barriers",
    "The order is right and dearer than it need be: a load can carry it by itself (lesson 06, to "
      + "ask is to work).")
  static let nilStopsReaders = Misconception(
    "nil-stops-readers", shownBy: .useAfterFree,
    "The pointer was there, and the driver went while it was being asked: a grace period waits "
      + "only for read sections (lesson 06, to ask is to work).")
  static let readersNeedNoSection = Misconception(
    "nil-stops-readers", shownBy: .rcuMisuse,
    "A pointer that may go is loaded and used inside one read section, which is closed once "
      + "(lesson 06, to ask is to work).")
  static let lockNests = Misconception(
    "the-fence-lock-nests", shownBy: .deadlock, rule: "deadlock/self",
    "A spinlock does not count its holder's calls: what takes the fence's lock must not be called "
      + "with it held (lesson 06, who owns what).")
  static let onlyTasksPoll = Misconception(
    "only-tasks-poll", shownBy: .deadlock, rule: "deadlock/interrupt",
    "A handler polls too, on the CPU whose task holds the lock, and the task cannot go on: mask "
      + "interrupts while you hold it (lesson 06, to ask is to work).")
  static let onlyTasksLock = Misconception(
    "only-tasks-poll", shownBy: .lockOrder,
    "A handler takes this lock too: mask interrupts while you hold it (lesson 06, to ask is to "
      + "work).")
  static let lockIsFree = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/updates",
    "The fence is signaled and will stay so: a lock, or any other update, takes its line away from "
      + "everybody else who asks (lesson 06, keep the test lockless).")
  static let bringsLines = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/transfers",
    "The fence is signaled and will stay so: a question that writes takes its line away from "
      + "everybody else who asks (lesson 06, keep the test lockless).")
  static let askingIsWaiting = Misconception(
    "asking-is-waiting", shownBy: .endlessWait,
    "A question is answered at once, also where the answer is no: to wait is the caller's affair "
      + "(lesson 06, to ask is to work).")
}

/// A fence, its driver, and what the device writes.
struct World: Sendable {
  let driver: Object<Exercise::Driver>
  let fence: Object<Exercise::PolledFence>
  let result: Object<Cell<UInt64>>

  init(_ lab: Explorer::Lab) {
    let driver = Machine.allocate(alignment: 64, Exercise::Driver())
    let key = driver.machineAddress
    Machine.note(.opened, .callback, key: key)
    fence = Machine.allocate(
      alignment: 64,
      Exercise::PolledFence(driver) { Machine.note(.met, .callback, key: key) })
    result = Machine.allocate(Cell<UInt64>(0))
    self.driver = driver
  }

  /// The device: writes its result, then says that the job has ended.
  func end() {
    result.record.value = 7
    // release[polled.ended] → acquire in ask(_:). Hands over the result.
    driver.record.ended.store(1, .release, edge: "polled.ended")
  }

  /// The driver: signals unless a poller has.
  func signal() {
    fence.record.lock.lockIRQSave()
    // relaxed: the lock orders.
    if fence.record.signaled.load(.relaxed) == 0 { Exercise::signalLocked(fence) }
    fence.record.lock.unlockIRQRestore()
  }

  /// One question; told yes, looks at what was promised.
  func asks() -> Bool { believes(Exercise::isSignaled(fence)) }

  /// The same by somebody who holds the lock.
  func asksLocked() -> Bool {
    fence.record.lock.lockIRQSave()
    defer { fence.record.lock.unlockIRQRestore() }
    return believes(Exercise::isSignaledLocked(fence))
  }

  private func believes(_ answer: Bool) -> Bool {
    guard answer else { return false }
    // relaxed: a set bit stays set.
    Machine.expect(
      fence.record.signaled.load(.relaxed) == 1, "The answer is true, and the bit is not set.")
    Machine.expect(
      result.record.value == 7, "The answer is true, and the job's result is not there.")
    return true
  }

  func close(_ lab: Explorer::Lab) {
    lab.Explorer::expect(asks(), "The job has ended, and the answer is false.")
    lab.Explorer::free(driver)
    closeUnloaded(lab)
  }

  func closeUnloaded(_ lab: Explorer::Lab) {
    lab.Explorer::free(fence)
    lab.Explorer::free(result)
  }
}
