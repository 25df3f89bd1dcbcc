import Explorer
import Fences
import Kernel
import Machine

/// Lesson 08: the scenarios that the page explores.
package enum SignalErrorScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("stolen") { explore(.separately) },
    LessonScenario("late") { explore(.separately, anyEnd) },
    LessonScenario("lucky") { explore(.separately, misfortune) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("ways", ways), LessonTable("carriers", carriers),
  ]

  // MARK: - The smallest program that shows it

  // snippet: scenario
  static func scenario(
    _ lab: Lab, _ claim: Claim, _ end: @escaping Way
  ) {
    let fence = Fence.make(operations: driver, context: 1, seqno: 1)
    let witness = lab.allocate(Witness())
    try? fence.addCallback(
      Witness.callback.field(of: witness), Witness.look)

    lab.interrupt("device", cpu: 0) { end(fence, nil) }
    lab.thread("watchdog", cpu: 1) { end(fence, .timeExpired) }
    lab.finally {
      lab.expect(claim.holds(fence, witness), claim.words)
      fence.put()
      lab.free(witness)
    }
  }
  // end snippet

  // snippet: witness
  /// Is called when the fence is signaled, by whoever signals it.
  struct Witness: ~Copyable {
    let callback = FenceCallback()
    /// Where that was: the device runs on CPU 0.
    let cpu = Cell<Int>(-1)

    static let look = FenceCallback.Function { _, callback in
      let witness = Witness.callback.record(around: callback)
      witness.record.cpu.value = Conductor.current?.currentCPU ?? -1
    }

    /// From the callback to the record around it.
    static let callback =
      FieldOffset<Witness, FenceCallback> { $0.callback.address }
  }
  // end snippet

  // snippet: claim
  /// What the fence says is what its signaler said.
  static let oneTeller = Claim(
    words: "one-teller: the fence says what its signaler did not say"
  ) { fence, witness in
    let isDevice = witness.record.cpu.value == 0
    return fence.status() == (isDevice ? .done : .failed(.timeExpired))
  }
  // end snippet

  /// Any end will do, so that only the library's own warning is left.
  private static let anyEnd = Claim(words: "") { _, _ in true }

  /// The opposite of luck, so that an execution that breaks it is a lucky one.
  private static let misfortune = Claim(
    words: "The fence says what its signaler said: this time."
  ) { fence, witness in !oneTeller.holds(fence, witness) }

  /// What is said about the fence when both are back.
  struct Claim: Sendable {
    var words: String
    var holds: @Sendable (_ fence: Fence, _ witness: Object<Witness>) -> Bool
  }

  static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  static func explore(_ way: Telling, _ claim: Claim = oneTeller) -> ExplorationReport {
    FencePolicy.with(FencePolicy(errorHandover: way.policy)) {
      Explorer.explore("\(way)") { scenario($0, claim, way.end) }
    }
  }
}
