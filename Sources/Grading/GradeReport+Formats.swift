internal import FoundationEssentials

/// A form in which results are printed.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// For programs; version 1.
  case json
  /// For build servers.
  case junit
  /// The Test Anything Protocol, version 14.
  case tap
}

/// Results of several exercises in one of the forms.
public struct GradeSheet: Sendable {
  let results: [GradeResult]

  /// Collects results.
  public init(_ results: [GradeResult]) { self.results = results }

  /// Zero only if there is something and all of it passed.
  public var exitCode: Int32 { !results.isEmpty && results.allSatisfy(\.isPassed) ? 0 : 1 }

  /// The whole sheet, without a last line break.
  ///
  /// - Parameter isVerbose: Whether a report for people shows everything that was complained about.
  public func text(
    _ format: ReportFormat, style: ReportStyle = ReportStyle(), isVerbose: Bool = false
  ) -> String {
    switch format {
    case .text:
      results.map { GradeReport($0, style: style, isVerbose: isVerbose).text }
        .joined(separator: "\n\n")
    case .json: json
    case .junit:
      JUnit.document([JUnit.Suite(name: "fencelab", cases: results.map { JUnit.Case($0) })])
    case .tap: TAP.document(results)
    }
  }

  private struct Sheet: Encodable {
    let version = 1
    let exercises: [GradeEntry]
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Sheet(exercises: results.map { GradeEntry($0) })) else {
      preconditionFailure("a sheet that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// One result for programs: every key is always there; what does not apply is null.
struct GradeEntry: Encodable {
  /// Only in the results of a class.
  var student: String?
  let id: String
  let verdict: GradeVerdict
  let rule: String?
  let misconception: String?
  let executions: Int
  let exhaustive: Bool
  let bound: String
  let milliseconds: Int
  let replay: String?
  let message: String

  init(_ result: GradeResult) {
    id = result.id
    verdict = result.verdict
    rule = result.rule
    misconception = result.misconception
    executions = result.executions
    exhaustive = result.isExhaustive
    bound = result.bound
    milliseconds = result.milliseconds
    replay = result.replay
    message = result.message
  }

  init(_ entry: ClassEntry) {
    student = entry.student
    id = entry.id
    verdict = entry.verdict
    rule = entry.rule
    misconception = entry.misconception
    executions = entry.executions
    exhaustive = entry.exhaustive
    bound = entry.bound
    milliseconds = entry.milliseconds
    replay = entry.replay
    message = entry.message
  }

  enum CodingKeys: String, CodingKey {
    case student, id, verdict, rule, misconception, executions, exhaustive, bound, milliseconds
    case replay, message
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(student, forKey: .student)
    try container.encode(id, forKey: .id)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(rule, forKey: .rule)
    try container.encode(misconception, forKey: .misconception)
    try container.encode(executions, forKey: .executions)
    try container.encode(exhaustive, forKey: .exhaustive)
    try container.encode(bound, forKey: .bound)
    try container.encode(milliseconds, forKey: .milliseconds)
    try container.encode(replay, forKey: .replay)
    try container.encode(message, forKey: .message)
  }
}
