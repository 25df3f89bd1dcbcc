/// Everything an exploration found out, in plain values: text, JSON and drawings are made from it.
public struct ExplorationReport: Sendable, Codable {
  /// The scenario's name.
  public var name: String
  /// The verdict; ``Verdict/passed`` only if the search was exhaustive.
  public var verdict: Verdict
  /// Complete executions, one for each equivalence class that the search told apart.
  public var executions: Int
  /// Executions cut short because an equivalent one had been explored.
  public var redundant: Int
  /// Machine events of all executions together.
  public var steps: Int
  /// Whether everything within the bound was explored.
  public var isExhaustive: Bool
  /// What the exploration covers, in words: memory model, threads, steps.
  public var bound: String
  /// The first failure, if there is one.
  public var failure: FailureReport?
}

/// One schedule that breaks a rule.
public struct FailureReport: Sendable, Codable {
  /// Which kind of rule.
  public var verdict: Verdict
  /// Which rule, as a stable name such as `use-after-free/unordered`.
  public var rule: String
  /// What happened, in one sentence.
  public var message: String
  /// One title a lane: the CPU and the threads on it.
  public var lanes: [String]
  /// The schedule, oldest step first; the last one broke the rule.
  public var steps: [ReportStep]
  /// The name under which exactly this schedule can be run again.
  public var replay: String
}

/// One line of a schedule.
public struct ReportStep: Sendable, Codable {
  /// How a step stands out.
  public enum Mark: String, Sendable, Codable {
    /// The step that broke the rule.
    case broke
    /// The step that it collided with, such as the free before the use.
    case partner
  }

  /// Which lane it stands in.
  public var lane: Int
  /// The thread that made the step.
  public var thread: String
  /// What happened, with the values that matter.
  public var event: String
  /// The line of source that did it, trimmed, or an empty string where it is not at hand.
  public var source: String
  /// File name without folders.
  public var file: String
  /// Line number, 0 where unknown.
  public var line: Int
  /// Whether and how the step stands out.
  public var mark: Mark?
  /// Steps that nobody else can notice may be folded away.
  public var matters: Bool
}
