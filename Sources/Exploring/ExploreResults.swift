package import Explorer
public import Grading

/// What the explorations of a file came to.
public struct ExploreResults: Sendable {
  /// How the command ends.
  public enum ExitCode: Int32, Sendable {
    /// Every execution of every scenario was explored, and none broke a rule.
    case passed = 0
    /// Some execution broke a rule.
    case broken = 1
    /// No rule was broken, but some search ended before it had seen everything.
    case stopped = 2
  }

  /// The file as it was named.
  public let file: String
  package internal(set) var reports: [ExplorationReport] = []
  /// Why the file was not explored to its end, where that was nobody's wish.
  public internal(set) var breakOff: GradingError?
  /// Whether that was an execution without an end, which was stopped.
  var wasStuck = false
  /// Whether an earlier run's checkpoint was gone on with.
  public internal(set) var isContinued = false

  package init(file: String, reports: [ExplorationReport] = []) {
    self.file = file
    self.reports = reports
  }

  /// Whether nothing was explored to an end.
  public var isEmpty: Bool { reports.isEmpty }

  /// Zero only where everything was seen and nothing is broken.
  public var exitCode: ExitCode {
    if reports.contains(where: { $0.failure != nil }) { return .broken }
    if breakOff != nil { return wasStuck ? .stopped : .broken }
    return reports.allSatisfy { $0.verdict == .passed && $0.isExhaustive } ? .passed : .stopped
  }

  /// The name under which `fencelab replay` finds a failing schedule again.
  package func replayName(_ index: Int) -> String? {
    guard let replay = reports[index].failure?.replay, !replay.isEmpty else { return nil }
    return "\(file).\(index + 1)~\(replay)"
  }
}
