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
  /// How many executions the whole search would have had, where it ended early: a rough guess.
  public var estimate: Int?
  /// What executions ended with, as the scenario noted it, and how many of them.
  public var outcomes: [OutcomeCount]?
  /// The random schedules that followed a search that ended early.
  public var random: RandomReport?
  /// The first failure, if there is one.
  public var failure: FailureReport?

  /// Whether the search ended before it had seen everything, and nothing had broken until then.
  public var wasStopped: Bool { !isExhaustive && (failure == nil || random?.foundFailure == true) }

  /// How many executions were explored, in words.
  public var extent: String {
    let count = counted(executions, "execution")
    guard !isExhaustive, failure == nil || random?.foundFailure == true else {
      return "explored \(count)"
    }
    return estimate.map { "stopped after \(count) of about \($0)" } ?? "stopped after \(count)"
  }
}

extension ExplorationReport {
  /// A report on a scenario of which nothing has been explored.
  package init(unexplored name: String) {
    self.init(
      name: name, verdict: .notExhaustive, executions: 0, redundant: 0, steps: 0,
      isExhaustive: false, bound: "nothing was explored")
  }
}

/// What some executions ended with.
public struct OutcomeCount: Sendable, Codable, Hashable {
  /// As the scenario noted it.
  public var outcome: String
  /// Executions that ended with it.
  public var executions: Int

  /// In the order of their texts; nil where nothing was noted.
  static func sorted(_ counts: [String: Int]) -> [OutcomeCount]? {
    guard !counts.isEmpty else { return nil }
    return counts.sorted { $0.key < $1.key }.map {
      OutcomeCount(outcome: $0.key, executions: $0.value)
    }
  }
}

/// Random schedules, each decided by the seed and its number.
public struct RandomReport: Sendable, Codable {
  /// How many were tried.
  public var schedules: Int
  /// What decided them.
  public var seed: UInt64
  /// Whether the failure of the report was found by one of them.
  public var foundFailure: Bool
}

/// A number and the word for what it counts.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
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

  /// A rule that was broken, or with the default values a schedule that broke none.
  package init(
    verdict: Verdict = .passed, rule: String = "", message: String = "", lanes: [String],
    steps: [ReportStep], replay: String = ""
  ) {
    self.verdict = verdict
    self.rule = rule
    self.message = message
    self.lanes = lanes
    self.steps = steps
    self.replay = replay
  }
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
  /// What was read or written, such as `→ 1`; nil where that says nothing.
  public var value: String?
  /// What a reader would not expect, such as which older write a read found and why it may.
  public var note: String?
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
