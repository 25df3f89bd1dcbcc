public import Testing

/// Gives a test the machine to itself.
///
/// All test targets run in one process, and a conductor conducts everything that process does with
/// the machine. Every test that conducts, and every native one that uses machine words, carries
/// this trait: `@Test(.oneMachine)` or `@Suite(.oneMachine)`.
public struct OneMachine: TestTrait, SuiteTrait, TestScoping {
  /// Each test of a suite waits for its own turn.
  public var isRecursive: Bool { true }

  /// Waits until no other test uses the machine, and runs this one.
  public func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    await MachineQueue.shared.enter()
    do {
      try await function()
    } catch {
      await MachineQueue.shared.leave()
      throw error
    }
    await MachineQueue.shared.leave()
  }
}

extension Trait where Self == OneMachine {
  /// The test has the machine to itself.
  public static var oneMachine: OneMachine { OneMachine() }
}

/// Who waits for the machine, first come first served.
private actor MachineQueue {
  static let shared = MachineQueue()

  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Hands the machine to the next test, if one waits.
  func leave() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
