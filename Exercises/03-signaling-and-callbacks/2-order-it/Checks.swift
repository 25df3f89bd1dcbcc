// explorations: 3

import Exercise
import ExerciseKit

/// One waiter that gives up before the signal, meanwhile, and in the face of an interrupt.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      noMeansNothing, freedInTheWay, othersKeepIt, othersLeft, forgotten, lost, twice)

    grader.ExerciseKit::explore("nobody signals, and the waiter alone has a reference") { lab in
      let fence = fence()
      let job = job(on: fence)
      lab.Explorer::thread("waiter", cpu: 1) {
        let result = Exercise::giveUp(job, Driver.callback(of: job), fence)
        lab.Explorer::expect(result == 0, "Nothing has run, and the result is \(result).")
      }
    }
    grader.ExerciseKit::explore("the signaler comes meanwhile, on another CPU") { lab in
      let fence = fence().get()
      let job = job(on: fence)
      lab.Explorer::thread("signaler", cpu: 0) { signal(fence) }
      giveUp(job, fence, lab)
    }
    grader.ExerciseKit::explore("the signaler comes meanwhile, as an interrupt on this CPU") {
      lab in
      let fence = fence().get()
      let job = job(on: fence)
      lab.Explorer::interrupt("signaler", cpu: 1) { signal(fence) }
      giveUp(job, fence, lab)
    }
  }

  // MARK: - The world

  static func fence() -> Fence {
    Fence.make(operations: Driver.operations, context: 1, seqno: 1)
  }

  static func job(on fence: Fence) -> Object<Exercise::Job> {
    let job = Machine.allocate(Exercise::Job())
    try? fence.addCallback(Driver.callback(of: job), Driver.finish)
    return job
  }

  static func signal(_ fence: Fence) {
    fence.signal()
    fence.put()
  }

  static func giveUp(_ job: Object<Exercise::Job>, _ fence: Fence, _ lab: Explorer::Lab) {
    lab.Explorer::thread("waiter", cpu: 1) {
      _ = Exercise::giveUp(job, Driver.callback(of: job), fence)
    }
  }

  // MARK: - Beliefs

  static let noMeansNothing = Misconception(
    "the-answer-is-a-detail", shownBy: .dataRace,
    "Before `removeCallback` has returned, the callback may still be writing, and the fence may end "
      + "under whoever has no reference: what relies on its answer comes behind it (lesson 03, who "
      + "owns what).")
  static let freedInTheWay = Misconception(
    "the-answer-is-a-detail", shownBy: .useAfterFree,
    "The fence's list leads to the job until `removeCallback` has returned, and the fence is yours "
      + "to use until your `put`: free and put come behind their last use (lesson 03, who owns "
      + "what).")
  static let othersKeepIt = Misconception(
    "others-keep-it-alive", shownBy: .expectationFailed, rule: "warning",
    "The fence ended with the callback on its list: the waiter's reference is the only one that it "
      + "can rely on, until the callback is out of reach (lesson 03, who owns what).")
  static let othersLeft = Misconception(
    "others-keep-it-alive", shownBy: .doubleFree,
    "The waiter's reference is given back once (lesson 02, who owns what).")
  static let forgotten = Misconception(
    "somebody-else-frees", shownBy: .leak,
    "Taking the callback back leaves job and reference with the waiter (lesson 03, who owns what).")
  static let lost = Misconception(
    "the-answer-is-a-detail", shownBy: .callbackLost,
    "The callback is still on the fence's list when the fence ends (lesson 03, who owns what).")
  static let twice = Misconception(
    "the-answer-is-a-detail", shownBy: .expectationFailed, rule: "expectation",
    "The result counts when the callback is out of reach (lesson 03, who owns what).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
  static let finish = FenceCallback.Function { _, callback in
    own.record(around: callback).record.result.value = 7
  }
  private static let own = FieldOffset<Exercise::Job, FenceCallback> { $0.callback.address }

  static func callback(of job: Object<Exercise::Job>) -> Object<FenceCallback> {
    own.field(of: job)
  }
}
