public import Explorer

/// A wrong belief that shows itself in a certain failure.
///
/// A grader's message names it: being told what one believed helps more than being told that the
/// answer is wrong.
public struct Misconception: Sendable, Codable, Hashable {
  /// The stable name that lessons, quiz items and wrong answers refer to.
  public let id: String
  /// The verdict it leads to.
  public let verdict: Verdict
  /// The rule it breaks; nil where any rule of the verdict shows it.
  public let rule: String?
  /// What is believed and why it fails, in one sentence.
  public let sentence: String

  /// Ties a belief to the failure it leads to.
  public init(_ id: String, shownBy verdict: Verdict, rule: String? = nil, _ sentence: String) {
    self.id = id
    self.verdict = verdict
    self.rule = rule
    self.sentence = sentence
  }

  func matches(_ report: ExplorationReport) -> Bool {
    verdict == report.verdict && (rule == nil || rule == report.failure?.rule)
  }
}
