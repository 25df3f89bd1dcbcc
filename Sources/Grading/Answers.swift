internal import FoundationEssentials

/// What lies in `Tests/ExerciseTests` for one exercise: its starter, its solution, and answers
/// that prove that the checks tell right from wrong.
struct Answers {
  /// One file and the verdict it declares in its first line.
  struct Answer: Hashable {
    let path: String
    let expected: DeclaredVerdict
    /// The file without the declaration.
    let text: String
  }

  let exercise: Exercise
  private let folder: String
  private let workspace: Workspace

  init(_ exercise: Exercise, _ workspace: Workspace) {
    self.exercise = exercise
    self.workspace = workspace
    folder = "\(workspace.answersFolder)/\(exercise.id)"
  }

  /// What `Exercise.swift` is at the beginning.
  func starter() throws(GradingError) -> Answer { try answer("Starter.swift") }

  /// The answer that a learner may see after passing.
  func solution() throws(GradingError) -> Answer { try answer("Solution.swift") }

  /// All others, unusual right ones first.
  func others() throws(GradingError) -> [Answer] {
    var answers: [Answer] = []
    for kind in ["Right", "Wrong"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)")) ?? []
      for name in names.sorted() where name.hasSuffix(".swift") {
        answers.append(try answer("\(kind)/\(name)"))
      }
    }
    return answers
  }

  private func answer(_ name: String) throws(GradingError) -> Answer {
    let path = "\(folder)/\(name)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw GradingError(
        "\(workspace.shown(path)) is missing.",
        repair: "Add it; its first line is `// expects: <verdict>`.")
    }
    let text = String(decoding: data, as: UTF8.self)
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let expected = DeclaredVerdict(line: lines.first ?? "") else {
      throw GradingError(
        "\(workspace.shown(path)):1: no declared verdict.",
        repair: "Begin it with `// expects: <verdict>[, rule=<name>][, misconception=<id>]`.")
    }
    let rest = lines.count > 1 ? lines[1] : ""
    return Answer(path: path, expected: expected, text: String(rest))
  }
}

/// A verdict that an answer declares: `// expects: leak, rule=…, misconception=…`.
package struct DeclaredVerdict: Hashable, CustomStringConvertible {
  package private(set) var verdict: GradeVerdict
  var rule: String?
  var misconception: String?

  package init?(line: some StringProtocol) {
    let key = "// expects: "
    guard line.hasPrefix(key) else { return nil }
    let parts = line.dropFirst(key.count).split(separator: ",").map { $0.trimmed }
    guard let first = parts.first, let verdict = GradeVerdict(rawValue: first) else { return nil }
    self.verdict = verdict
    for part in parts.dropFirst() {
      if part.hasPrefix("rule=") {
        rule = String(part.dropFirst("rule=".count))
      } else if part.hasPrefix("misconception=") {
        misconception = String(part.dropFirst("misconception=".count))
      } else {
        return nil
      }
    }
  }

  init(_ result: GradeResult) {
    verdict = result.verdict
    rule = result.rule
    misconception = result.misconception
  }

  /// Whether a result is what was declared; what is not declared may be anything.
  package func isMet(by result: GradeResult) -> Bool {
    verdict == result.verdict && (rule == nil || rule == result.rule)
      && (misconception == nil || misconception == result.misconception)
  }

  package var description: String {
    var text = verdict.rawValue
    if let rule { text += ", rule=\(rule)" }
    if let misconception { text += ", misconception=\(misconception)" }
    return text
  }
}
