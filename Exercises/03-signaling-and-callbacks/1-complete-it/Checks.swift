// explorations: 4

import Exercise
import ExerciseKit

/// One buffer, whose fence is signaled before, after, or while the callback is added.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      addingIsEnough, addedTwice, lockNests, lockHeld, notYourReference, notYourEnd, asleep)

    grader.ExerciseKit::explore("the fence was signaled long ago") { lab in
      let (buffer, fence) = world(lab)
      fence.signal()
      add(buffer, fence, lab)
      end(buffer, fence, lab)
    }
    grader.ExerciseKit::explore("the fence is signaled later") { lab in
      let (buffer, fence) = world(lab)
      add(buffer, fence, lab)
      lab.Explorer::finally { fence.signal() }
      end(buffer, fence, lab)
    }
    grader.ExerciseKit::explore("the fence is signaled meanwhile") { lab in
      let (buffer, fence) = world(lab)
      lab.Explorer::thread("signaler", cpu: 0) { fence.signal() }
      add(buffer, fence, lab)
      end(buffer, fence, lab)
    }
    grader.ExerciseKit::explore("an interrupt signals it meanwhile, on this CPU") { lab in
      let (buffer, fence) = world(lab)
      lab.Explorer::interrupt("signaler", cpu: 1) { fence.signal() }
      add(buffer, fence, lab)
      end(buffer, fence, lab)
    }
  }

  // MARK: - The world

  static func world(_ lab: Explorer::Lab) -> (Object<Exercise::Buffer>, Fence) {
    (
      lab.Explorer::allocate(Exercise::Buffer()),
      Fence.make(operations: Driver.operations, context: 1, seqno: 1)
    )
  }

  static func add(_ buffer: Object<Exercise::Buffer>, _ fence: Fence, _ lab: Explorer::Lab) {
    lab.Explorer::thread("driver", cpu: 1) {
      Exercise::countWhenReady(buffer, Driver.callback(of: buffer), Driver.count, fence)
    }
  }

  static func end(_ buffer: Object<Exercise::Buffer>, _ fence: Fence, _ lab: Explorer::Lab) {
    lab.Explorer::finally {
      // relaxed: all threads have ended.
      let count = buffer.record.readyCount.load(.relaxed)
      lab.Explorer::expect(
        count == 1,
        "once-or-never: the buffer must be counted once, and was counted \(count) times.")
      fence.put()
      lab.Explorer::free(buffer)
    }
  }

  // MARK: - Beliefs

  static let addingIsEnough = Misconception(
    "adding-is-enough", shownBy: .expectationFailed, rule: "expectation",
    "A callback that was refused never runs, and one that was accepted runs once: only what "
      + "`addCallback` says tells who must do the work (lesson 03, what the signaler does).")
  static let addedTwice = Misconception(
    "adding-is-enough", shownBy: .callbackLost,
    "A callback that nobody will call is left on a list (lesson 03, what the signaler does).")
  static let lockNests = Misconception(
    "callbacks-are-free", shownBy: .deadlock, rule: "deadlock/self",
    "The fence's lock is not taken twice by one CPU (lesson 03, who owns what).")
  static let lockHeld = Misconception(
    "callbacks-are-free", shownBy: .lockMisuse,
    "`addCallback` has given the lock back when it throws (lesson 03, who owns what).")
  static let notYourReference = Misconception(
    "a-signal-is-the-end", shownBy: .useAfterFree,
    "The references are the caller's (lesson 02, who owns what).")
  static let notYourEnd = Misconception(
    "a-signal-is-the-end", shownBy: .expectationFailed, rule: "warning",
    "The references are the caller's (lesson 02, who owns what).")
  static let asleep = Misconception(
    "adding-is-enough", shownBy: .atomicSleep,
    "Whoever adds a callback does so in order not to wait (lesson 03, what the signaler does).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  static let count = FenceCallback.Function { _, callback in
    own.record(around: callback).record.count()
  }
  private static let own = FieldOffset<Exercise::Buffer, FenceCallback> { $0.callback.address }

  static func callback(of buffer: Object<Exercise::Buffer>) -> Object<FenceCallback> {
    own.field(of: buffer)
  }
}
