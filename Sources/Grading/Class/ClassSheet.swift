internal import FoundationEssentials

/// The results of a class, and the files that are made of them.
public struct ClassSheet: Sendable {
  let entries: [ClassEntry]
  /// Answers that have no result yet.
  public let ungraded: [String]
  private let output: String

  init(entries: [ClassEntry], ungraded: [String], output: String) {
    self.entries = entries
    self.ungraded = ungraded
    self.output = output
  }

  /// Zero only if there is something and all of it was graded, whatever the verdicts are.
  public var exitCode: Int32 { !entries.isEmpty && ungraded.isEmpty ? 0 : 1 }

  /// What was graded, in one paragraph.
  public var summary: String {
    let passed = entries.count(where: \.isPassed)
    var text = "\(entries.count) answers graded, \(passed) passed."
    if !ungraded.isEmpty {
      text +=
        " \(ungraded.count) have no result: run the same command again. First: \(ungraded[0])."
    }
    return text + " Results: \(output)/index.html, results.csv, junit.xml, gradescope/."
  }

  var students: [String] {
    var seen: Set<String> = []
    return entries.map(\.student).filter { seen.insert($0).inserted }
  }

  /// Writes every form of the results, each file whole.
  public func write() throws(GradingError) {
    var files = [
      ("results.csv", csv), ("index.html", html), ("junit.xml", junit), ("results.json", json),
    ]
    files += students.map { ("gradescope/\($0).json", gradescope($0)) }
    do {
      try FileManager.default.createDirectory(
        atPath: "\(output)/gradescope", withIntermediateDirectories: true)
      for (name, text) in files {
        try WholeFile.write((text + "\n").utf8, to: "\(output)/\(name)", by: "\(output)/.drafts")
      }
    } catch {
      throw GradingError("Cannot write into \(output).", repair: "Choose another --output.")
    }
  }

  // MARK: - Tables

  /// One line an answer, as RFC 4180 wants it.
  package var csv: String {
    let head = [
      "student", "exercise", "verdict", "passed", "rule", "misconception", "message", "executions",
      "exhaustive", "milliseconds", "restored",
    ]
    let rows = entries.map { entry in
      let grade = entry.grade
      return [
        entry.student, grade.id, grade.verdict.rawValue, entry.isPassed ? "1" : "0",
        grade.rule ?? "", grade.misconception ?? "", grade.message, String(grade.executions),
        grade.exhaustive ? "1" : "0", String(grade.milliseconds),
        entry.restored.joined(separator: " "),
      ]
    }
    return ([head] + rows).map { $0.map(Self.cell).joined(separator: ",") }
      .joined(separator: "\r\n")
  }

  /// A spreadsheet takes what begins with these for a formula.
  private static func cell(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    let plain = isFormula ? "'" + text : text
    guard plain.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return plain }
    return "\"\(plain.replacing("\"", with: "\"\""))\""
  }

  /// Everything, for programs.
  package var json: String {
    struct Answer: Encodable {
      let entry: ClassEntry
      enum CodingKeys: CodingKey { case student }
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entry.student, forKey: .student)
        try entry.grade.encode(to: encoder)
      }
    }
    struct Sheet: Encodable {
      let version = 1
      let answers: [Answer]
    }
    return Self.encoded(Sheet(answers: entries.map { Answer(entry: $0) }))
  }

  /// One test suite a person.
  package var junit: String {
    JUnit.document(
      students.map { student in
        JUnit.Suite(
          name: student, cases: entries.filter { $0.student == student }.map { JUnit.Case($0) })
      })
  }

  /// What the Gradescope autograder reads as `results.json`.
  package func gradescope(_ student: String) -> String {
    struct Test: Encodable {
      let name: String
      let number: String
      let score: Double
      let max_score: Double
      let status: String
      let output: String
      let output_format = "text"
      let visibility = "visible"
    }
    struct Results: Encodable {
      let score: Double
      let execution_time: Double
      let output: String
      let stdout_visibility = "hidden"
      let tests: [Test]
    }
    let own = entries.filter { $0.student == student }
    let tests = own.map { entry in
      Test(
        name: entry.grade.id, number: entry.number, score: entry.isPassed ? 1 : 0, max_score: 1,
        status: entry.isPassed ? "passed" : "failed", output: entry.report)
    }
    let passed = own.count(where: \.isPassed)
    return Self.encoded(
      Results(
        score: Double(passed),
        execution_time: Double(own.reduce(0) { $0 + $1.grade.milliseconds }) / 1000,
        output: "\(passed) of \(own.count) exercises passed.", tests: tests))
  }

  private static func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("results that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
