// explorations: 4

import Exercise
import ExerciseKit

/// Two fences, of which one follows the other.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      callbacksAreFree, callbackSleeps, ownLock, othersKeepIt, countIsWrong, freedEarly, neverFreed,
      refused, neverSaid, neverCome)

    grader.ExerciseKit::explore("the first fence is signaled later") { lab in
      let (first, second) = (fence(1), fence(2).get())
      Exercise::follow(first, second)
      second.put()
      lab.Explorer::thread("signaler", cpu: 0) { signal(first) }
      lab.Explorer::finally { end(second, lab) }
    }
    grader.ExerciseKit::explore("the first fence was signaled long ago") { lab in
      let (first, second) = (fence(1), fence(2))
      first.signal()
      lab.Explorer::thread("driver", cpu: 0) {
        Exercise::follow(first, second)
        first.put()
      }
      lab.Explorer::finally { end(second, lab) }
    }
    grader.ExerciseKit::explore("the first fence is signaled meanwhile") { lab in
      let (first, second) = (fence(1).get(), fence(2))
      lab.Explorer::thread("signaler", cpu: 0) { signal(first) }
      lab.Explorer::thread("driver", cpu: 1) {
        Exercise::follow(first, second)
        first.put()
      }
      lab.Explorer::finally { end(second, lab) }
    }
    grader.ExerciseKit::explore("nobody but the link has a reference to the second fence") { lab in
      let (first, second) = (fence(1), fence(2))
      Exercise::follow(first, second)
      lab.Explorer::thread("signaler", cpu: 0) { signal(first) }
      lab.Explorer::thread("driver", cpu: 1) { second.put() }
    }
  }

  // MARK: - The world

  static func fence(_ context: UInt64) -> Fence {
    Fence.make(operations: Driver.operations, context: context, seqno: 1)
  }

  static func signal(_ fence: Fence) {
    fence.signal()
    fence.put()
  }

  static func end(_ second: Fence, _ lab: Explorer::Lab) {
    lab.Explorer::expect(
      second.testSignaledFlag(), "The first fence is signaled, and the second does not follow.")
    second.put()
  }

  // MARK: - Beliefs

  static let callbacksAreFree = Misconception(
    "callbacks-are-free", shownBy: .lockOrder,
    "A callback runs with its fence's lock held: another fence's lock taken there is taken inside "
      + "it, and somebody takes the two the other way round (lesson 03, out of the lock).")
  static let callbackSleeps = Misconception(
    "callbacks-are-free", shownBy: .atomicSleep,
    "A callback runs with interrupts off and with a lock held: nothing there may sleep (lesson 03, "
      + "what the signaler does).")
  static let ownLock = Misconception(
    "callbacks-are-free", shownBy: .deadlock,
    "The signaler holds the lock that this waits for while it runs callbacks (lesson 03, out of the "
      + "lock).")
  static let othersKeepIt = Misconception(
    "others-keep-it-alive", shownBy: .useAfterFree,
    "What the callback and the work use must be there until they are done: the link, for a grace "
      + "period longer, and the second fence by a reference of the link's own (lesson 03, out of "
      + "the lock).")
  static let countIsWrong = Misconception(
    "others-keep-it-alive", shownBy: .expectationFailed, rule: "warning",
    "The references to the second fence do not add up: the link needs one, and gives it back once "
      + "(lesson 02, who owns what).")
  static let freedEarly = Misconception(
    "others-keep-it-alive", shownBy: .dataRace,
    "Something ends while the signaler or the work still uses it: what gives back and frees comes "
      + "behind the last use (lesson 03, out of the lock).")
  static let neverFreed = Misconception(
    "somebody-else-frees", shownBy: .leak,
    "Link and reference are left over: whoever does the link's work last frees both (lesson 03, out "
      + "of the lock).")
  static let refused = Misconception(
    "adding-is-enough", shownBy: .expectationFailed, rule: "expectation",
    "A callback that was refused never runs, so whoever added it does its work (lesson 03, what the "
      + "signaler does).")
  static let neverSaid = Misconception(
    "adding-is-enough", shownBy: .callbackLost,
    "A callback is left on a list that nobody will walk (lesson 03, what the signaler does).")
  static let neverCome = Misconception(
    "callbacks-are-free", shownBy: .endlessWait,
    "What the callback waits for cannot come before the lock is given back and interrupts are on "
      + "(lesson 03, out of the lock).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
