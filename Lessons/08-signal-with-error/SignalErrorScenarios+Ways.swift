import Explorer
import Fences
import Kernel
import Machine

extension SignalErrorScenarios {
  /// Ends a fence, with an error or without one.
  typealias Way = @Sendable (Fence, Errno?) -> Void

  /// How a driver tells the fence what became of the job.
  enum Telling: CaseIterable {
    case separately, errorUnderLock, askingAfterwards, together, argument

    /// What the table of the page calls it.
    var name: String {
      switch self {
      case .separately: "test, `setError`, `signal`"
      case .errorUnderLock: "test and `setError` under the lock, then `signal`"
      case .askingAfterwards: "test, `setError`, `checkAndSignal`"
      case .together: "test, `setError`, `signalLocked`, all under the lock"
      case .argument: "the error as an argument of the signal"
      }
    }

    var end: Way {
      switch self {
      case .separately: SignalErrorScenarios.separately
      case .errorUnderLock: SignalErrorScenarios.errorUnderLock
      case .askingAfterwards: SignalErrorScenarios.askingAfterwards
      case .together: SignalErrorScenarios.together
      case .argument: { $0.signal(error: $1) }
      }
    }

    var policy: ErrorHandoverPolicy { self == .argument ? .mandatoryArgument : .separateCall }
  }

  // snippet: separately
  static let separately: Way = { fence, error in
    if fence.testSignaledFlag() { return }
    if let error { fence.setError(error) }
    fence.signal()
  }
  // end snippet

  // snippet: error-under-lock
  static let errorUnderLock: Way = { fence, error in
    fence.withLock {
      if let error, !fence.testSignaledFlag() { fence.setError(error) }
    }
    fence.signal()
  }
  // end snippet

  static let askingAfterwards: Way = { fence, error in
    if fence.testSignaledFlag() { return }
    if let error { fence.setError(error) }
    if fence.checkAndSignal() { return }
    // Here a driver that was first cleans up.
  }

  // snippet: together
  static let together: Way = { fence, error in
    fence.withLock {
      if fence.testSignaledFlag() { return }
      if let error { fence.setError(error) }
      fence.signalLocked()
    }
  }
  // end snippet

  // MARK: - Tables

  /// What came of each way.
  static func ways() -> [[String]] {
    [["what a driver does", "verdict", "executions"]]
      + Telling.allCases.map { way in
        let report = explore(way)
        let extent = report.isExhaustive && report.failure == nil ? "all " : ""
        return [way.name, report.verdict.rawValue, "\(extent)\(report.executions)"]
      }
  }
}
