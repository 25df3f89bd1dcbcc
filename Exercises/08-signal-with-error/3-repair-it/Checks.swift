// explorations: 5

import Exercise
import ExerciseKit

/// Five fates of two fences, and whoever asks for the outcome.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      mergingKeeps, referenceForgotten, referenceTwice, goneTooEarly, putTooOften, waitsForNobody)

    grader.ExerciseKit::explore("both devices succeed") { lab in
      world(lab, before: [nil], meanwhile: [nil], expected: nil)
    }
    grader.ExerciseKit::explore("one had failed before anybody asked") { lab in
      world(lab, before: [.inputOutput], meanwhile: [nil], expected: .inputOutput)
    }
    grader.ExerciseKit::explore("both were over, and the second had failed") { lab in
      world(lab, before: [nil, .inputOutput], meanwhile: [], expected: .inputOutput)
    }
    grader.ExerciseKit::explore("the first had succeeded, and the second fails meanwhile") { lab in
      world(lab, before: [nil], meanwhile: [.inputOutput], expected: .inputOutput)
    }
    grader.ExerciseKit::explore("one fails meanwhile, and the other succeeds meanwhile") { lab in
      world(lab, before: [], meanwhile: [.inputOutput, nil], expected: .inputOutput)
    }
  }

  /// Fences that are over before anybody asks, and fences that a device ends meanwhile, each with
  /// an error or without.
  static func world(
    _ lab: Explorer::Lab, before: [Errno?], meanwhile: [Errno?], expected: Errno?
  ) {
    let fences = (before + meanwhile).indices.map {
      Fence.make(operations: Driver.operations, context: UInt64($0 + 1), seqno: 1)
    }
    for (fence, error) in zip(fences, before) { end(fence, error) }
    for (number, error) in meanwhile.enumerated() {
      let fence = fences[before.count + number]
      lab.Explorer::interrupt("device \(number)", cpu: 0) { end(fence, error) }
    }
    lab.Explorer::thread("driver", cpu: 0) {
      let answer = Exercise::outcome(of: fences)
      lab.Explorer::expect(
        fences.allSatisfy { $0.testSignaledFlag() }, "The driver is told before all are over.")
      lab.Explorer::expect(
        answer == expected, "The driver is told \(told(answer)), and it was \(told(expected)).")
    }
    lab.Explorer::finally {
      for fence in fences { fence.put() }
    }
  }

  static func end(_ fence: Fence, _ error: Errno?) {
    fence.withLock {
      if let error { fence.setError(error) }
      fence.signalLocked()
    }
  }

  static func told(_ error: Errno?) -> String {
    error.map { "error \($0.code)" } ?? "that all went well"
  }

  // MARK: - Beliefs

  static let mergingKeeps = Misconception(
    "merging-keeps-errors", shownBy: .expectationFailed, rule: "expectation",
    "One fence for many tells that they are over, and not how each of them ended: a fence that "
      + "is signaled when they are merged is left out with its error, so wait for all, and then "
      + "ask each fence itself (lesson 08, where errors go).")
  static let referenceForgotten = Misconception(
    "others-keep-it-alive", shownBy: .leak,
    "What `merge` or `make` returns has a reference that is yours to give back, and what an array "
      + "takes over it gives back itself (lesson 08, where errors go).")
  static let referenceTwice = Misconception(
    "others-keep-it-alive", shownBy: .expectationFailed, rule: "warning",
    "The fences are borrowed: an array takes over one reference to each, so take one for it first "
      + "(lesson 08, where errors go).")
  static let goneTooEarly = Misconception(
    "others-keep-it-alive", shownBy: .useAfterFree,
    "The fences are borrowed: give back only what you took (lesson 08, where errors go).")
  static let putTooOften = Misconception(
    "others-keep-it-alive", shownBy: .doubleFree,
    "The fences are borrowed: give back only what you took (lesson 08, where errors go).")
  static let waitsForNobody = Misconception(
    "failure-keeps-quiet", shownBy: .endlessWait,
    "Nobody will signal what you wait for (lesson 08, where errors go).")
}

/// A driver with nothing to add.
enum Driver {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
