// explorations: 5

import Exercise
import ExerciseKit

/// One slot, whose fence is left alone, replaced and taken away, the last two also where memory is
/// used again.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      addressIsEnough, memoryIsEnough, aliveMeansMine, madeAnew, turnedAway, putTwice)

    grader.ExerciseKit::explore("nobody changes the slot") { lab in
      let slot = slot(naming: fence(7, 1), lab)
      read(slot, lab) { $0?.seqno == 1 }
      lab.Explorer::finally { close(slot) }
    }
    grader.ExerciseKit::explore("a newer fence takes the place") { lab in
      let slot = slot(naming: fence(7, 1), lab)
      lab.Explorer::thread("owner", cpu: 0) {
        let old = RCU.dereference(slot.record.newest)
        RCU.assign(fence(7, 2), to: slot.record.newest)
        old?.put()
      }
      read(slot, lab) { $0 != nil }
      lab.Explorer::finally { close(slot) }
    }
    grader.ExerciseKit::explore("the slot is emptied") { lab in
      let slot = slot(naming: fence(7, 1), lab)
      lab.Explorer::thread("owner", cpu: 0) { empty(slot) }
      read(slot, lab) { $0.map { $0.context == 7 } ?? true }
      lab.Explorer::finally { close(slot) }
    }
    grader.ExerciseKit::explore("the slot is emptied, and the memory is used again") { lab in
      let pool = RequestPool.make()
      let slot = slot(naming: pool.request(context: 7, seqno: 1), lab)
      let other = lab.Explorer::allocate(Exercise::Slot())
      lab.Explorer::thread("owner", cpu: 0) {
        empty(slot)
        // relaxed: nobody else looks at it before the end.
        other.record.newest.store(
          pool.request(context: 8, seqno: 1, mayBlock: false), .relaxed)
      }
      read(slot, lab) { $0.map { $0.context == 7 } ?? true }
      lab.Explorer::finally {
        close(slot)
        close(other)
        pool.destroy()
      }
    }
    grader.ExerciseKit::explore("a newer fence takes the place, and memory is used again") { lab in
      let pool = RequestPool.make()
      let slot = slot(naming: pool.request(context: 7, seqno: 1), lab)
      let other = lab.Explorer::allocate(Exercise::Slot())
      lab.Explorer::thread("owner", cpu: 0) {
        guard let newer = pool.request(context: 7, seqno: 2, mayBlock: false) else { return }
        let old = RCU.dereference(slot.record.newest)
        RCU.assign(newer, to: slot.record.newest)
        old?.put()
        // relaxed: nobody else looks at it before the end.
        other.record.newest.store(
          pool.request(context: 8, seqno: 1, mayBlock: false), .relaxed)
      }
      read(slot, lab) { $0.map { $0.context == 7 } ?? true }
      lab.Explorer::finally {
        close(slot)
        close(other)
        pool.destroy()
      }
    }
  }

  // MARK: - The world

  static func fence(_ context: UInt64, _ seqno: UInt64) -> Fence {
    Fence.make(operations: Driver.operations, context: context, seqno: seqno)
  }

  static func slot(naming fence: Fence?, _ lab: Explorer::Lab) -> Object<Exercise::Slot> {
    let slot = lab.Explorer::allocate(Exercise::Slot())
    RCU.assign(fence, to: slot.record.newest)
    return slot
  }

  static func empty(_ slot: Object<Exercise::Slot>) {
    let old = RCU.dereference(slot.record.newest)
    RCU.assign(nil, to: slot.record.newest)
    old?.put()
  }

  static func close(_ slot: Object<Exercise::Slot>) {
    RCU.dereference(slot.record.newest)?.put()
    Machine.free(slot)
  }

  /// Somebody who wants the newest fence, uses it, and gives it back.
  static func read(
    _ slot: Object<Exercise::Slot>, _ lab: Explorer::Lab,
    _ holds: @escaping @Sendable (Fence?) -> Bool
  ) {
    lab.Explorer::thread("reader", cpu: 1) {
      let fence = Exercise::newestFence(slot)
      lab.Explorer::expect(
        holds(fence),
        fence == nil
          ? "The slot names a fence all the time, and the reader was told that there is none."
          : "held-while-used: the reader holds the fence of another job.")
      fence?.put()
    }
  }

  // MARK: - Beliefs

  static let addressIsEnough = Misconception(
    "an-address-is-enough", shownBy: .expectationFailed, rule: "warning",
    "`get` needs a reference to begin with, and an address in memory is none: its last holder may "
      + "have left before you count (lesson 02, the failing schedule).")
  static let memoryIsEnough = Misconception(
    "an-address-is-enough", shownBy: .useAfterFree,
    "A read section keeps the memory there until it ends, and no longer: what leaves it must have "
      + "a reference (lesson 02, the ways to a reference).")
  static let aliveMeansMine = Misconception(
    "alive-means-mine", shownBy: .expectationFailed, rule: "expectation",
    "A count that has ended says that the slot has changed: look at it again. A count above zero "
      + "says that some fence is alive there, and only a second look at the slot tells which "
      + "(lesson 02, memory that is used again).")
  static let madeAnew = Misconception(
    "alive-means-mine", shownBy: .dataRace,
    "A count above zero says that some fence is alive there: this one is being made for another "
      + "job while the reader looks at it, and only a second look at the slot tells (lesson 02, "
      + "memory that is used again).")
  static let turnedAway = Misconception(
    "looking-is-free", shownBy: .leak,
    "A reference that turned out to be to the wrong fence is a reference too: give it back before "
      + "you look again (lesson 02, who owns what).")
  static let putTwice = Misconception(
    "an-address-is-enough", shownBy: .doubleFree,
    "The caller gives back what you return, so it must have been taken (lesson 02, who owns what).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
