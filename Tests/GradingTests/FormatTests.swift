import Foundation
import FoundationXML
import Grading
import Testing

/// As much of JSON Schema as our schema uses; a keyword it does not know is an error.
private struct Schema {
  private let root: [String: Any]

  init(_ path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  func errors(_ value: Any) -> [String] { errors(value, root, "$") }

  private func errors(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    schema.flatMap { keyword, wanted -> [String] in
      isMet(keyword, wanted, value, schema, path).map { "\(path): \($0)" }
    }
  }

  private func isMet(
    _ keyword: String, _ wanted: Any, _ value: Any, _ schema: [String: Any], _ path: String
  ) -> [String] {
    let object = value as? [String: Any]
    switch keyword {
    case "$schema", "$defs", "title", "description": return []
    case "$ref":
      let name = (wanted as? String)?.split(separator: "/").last.map(String.init) ?? ""
      let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
      return target.map { errors(value, $0, path) } ?? ["no \(name)"]
    case "type":
      let names = wanted as? [String] ?? [wanted as? String ?? ""]
      return names.contains { Self.has(value, type: $0) } ? [] : ["is no \(names)"]
    case "const": return "\(wanted)" == "\(value)" ? [] : ["is not \(wanted)"]
    case "enum":
      return (wanted as? [String])?.contains(value as? String ?? "") == true ? [] : ["unknown"]
    case "required":
      return (wanted as? [String] ?? []).filter { object?[$0] == nil }.map { "lacks \($0)" }
    case "additionalProperties":
      let known = schema["properties"] as? [String: Any] ?? [:]
      return (object ?? [:]).keys.filter { known[$0] == nil }.map { "has \($0)" }
    case "properties":
      return (wanted as? [String: [String: Any]] ?? [:]).flatMap { name, inner in
        object?[name].map { errors($0, inner, "\(path).\(name)") } ?? []
      }
    case "items":
      guard let inner = wanted as? [String: Any], let list = value as? [Any] else { return [] }
      return list.enumerated().flatMap { errors($1, inner, "\(path)[\($0)]") }
    case "minimum":
      return (value as? Int ?? 0) >= (wanted as? Int ?? 0) ? [] : ["is below \(wanted)"]
    case "minLength":
      return (value as? String ?? "").count >= (wanted as? Int ?? 0) ? [] : ["is too short"]
    default: return ["the schema says \(keyword), which nobody checks"]
    }
  }

  private static func has(_ value: Any, type: String) -> Bool {
    let isTruth = (value as? NSNumber).map { "\($0)" == "true" || "\($0)" == "false" } ?? false
    return switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": value is Bool || isTruth
    case "integer": value is Int
    default: false
    }
  }
}

/// Reads TAP 14 and counts; nil where the text is none.
private func parseTAP(_ text: String) -> (passed: Int, failed: Int)? {
  var lines = text.split(separator: "\n")[...]
  guard lines.popFirst() == "TAP version 14", let plan = lines.popFirst(), plan.hasPrefix("1.."),
    let count = Int(plan.dropFirst(3)), count > 0
  else { return nil }
  var counts = (passed: 0, failed: 0)
  while let line = lines.popFirst() {
    let isOK = line.hasPrefix("ok ")
    guard isOK || line.hasPrefix("not ok ") else { return nil }
    let rest = line.dropFirst(isOK ? 3 : 7)
    guard Int(rest.prefix { $0.isNumber }) == counts.passed + counts.failed + 1 else { return nil }
    // An unescaped sharp begins a directive, and a skipped point counts as a success.
    if rest.replacing("\\#", with: "").contains("#") { return nil }
    if isOK { counts.passed += 1 } else { counts.failed += 1 }
    guard lines.first == "  ---" else { continue }
    while let inner = lines.popFirst(), inner != "  ..." {
      guard inner.hasPrefix("  ") else { return nil }
      guard inner != "  ---" else { continue }
      let parts = inner.dropFirst(2).split(separator: ": ", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let isNumber = parts[1].allSatisfy(\.isNumber)
      guard isNumber || (parts[1].hasPrefix("\"") && parts[1].hasSuffix("\"")) else { return nil }
    }
  }
  return counts.passed + counts.failed == count ? counts : nil
}

/// Counts what a JUnit file says and holds.
private final class JUnitReader: NSObject, XMLParserDelegate {
  private(set) var cases = 0
  private(set) var failures = 0
  private(set) var declared: [String: String] = [:]
  private(set) var problems: [String] = []
  private var path: [String] = []

  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    let parents = ["testsuite": "testsuites", "testcase": "testsuite", "failure": "testcase"]
    if parents[name] != path.last { problems.append("\(name) in \(path)") }
    path.append(name)
    let needed = [
      "testsuites": ["tests", "failures", "errors", "time"],
      "testsuite": ["name", "tests", "failures", "errors", "skipped", "time"],
      "testcase": ["classname", "name", "time"], "failure": ["type", "message"],
    ]
    for key in needed[name] ?? ["?"] where attributes[key] == nil {
      problems.append("\(name) without \(key)")
    }
    if name == "testsuites" { declared = attributes }
    if name == "testcase" { cases += 1 }
    if name == "failure" { failures += 1 }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { path.removeLast() }
}

struct FormatTests {
  private static let schema =
    "\(#filePath.dropLast("/Tests/GradingTests/FormatTests.swift".count))"
    + "/Documentation/Formats/grade.schema.json"

  private let exercise = Exercise(lesson: "01-a", name: "1-b", folder: "/nowhere")

  private func result(_ verdict: GradeVerdict, _ message: String = "") -> GradeResult {
    var result = GradeResult(exercise, verdict, message: message)
    if verdict != .passed { result.rule = "a/rule # with \"marks\"" }
    return result
  }

  /// Messages that have broken other people's writers.
  private static let hostile = [
    "", "a\nb", "# SKIP", "\"quoted\" \\ back", "---", "]]>", "<b> & 'c'", "\u{1B}[0m\u{0}",
    "é 漢 🙂",
  ]

  @Test func `JSON follows its schema, whatever the verdict`() throws {
    let schema = try Schema(Self.schema)
    let results = GradeVerdict.allCases.map { result($0, "message") }
    for sheet in [GradeSheet(results), GradeSheet([])] {
      let json = try JSONSerialization.jsonObject(with: Data(sheet.text(.json).utf8))
      #expect(schema.errors(json).isEmpty, "\(schema.errors(json))")
    }
  }

  @Test(arguments: [
    #"{"version":2,"exercises":[]}"#, #"{"version":1}"#, #"{"version":1,"exercises":[{}]}"#,
    #"{"version":1,"exercises":[],"more":1}"#, #"{"version":1,"exercises":{}}"#,
  ])
  func `what is not as promised breaks the schema`(text: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(try !Schema(Self.schema).errors(json).isEmpty)
  }

  @Test func `the schema and the grader know the same verdicts`() throws {
    let text = try String(contentsOfFile: Self.schema, encoding: .utf8)
    for verdict in GradeVerdict.allCases { #expect(text.contains("\"\(verdict.rawValue)\"")) }
  }

  @Test(arguments: hostile)
  func `TAP and JUnit count right, whatever a message holds`(message: String) throws {
    let sheet = GradeSheet([result(.passed, message), result(.crashed, message)])
    let tap = try #require(parseTAP(sheet.text(.tap)), "\(sheet.text(.tap))")
    #expect(tap == (1, 1))
    let junit = try #require(JUnitReader(sheet.text(.junit)), "\(sheet.text(.junit))")
    #expect(junit.problems.isEmpty, "\(junit.problems)")
    #expect(junit.cases == 2 && junit.failures == 1)
    #expect(junit.declared["tests"] == "2" && junit.declared["failures"] == "1")
    // Jenkins refuses a file that has it in this place.
    #expect(junit.declared["skipped"] == nil)
  }

  @Test func `nothing graded is nowhere a success`() throws {
    let sheet = GradeSheet([])
    #expect(sheet.exitCode == 1)
    #expect(parseTAP(sheet.text(.tap))?.failed == 1)
    let junit = try #require(JUnitReader(sheet.text(.junit)))
    #expect(junit.cases == 1 && junit.failures == 1)
  }

  @Test(arguments: GradeVerdict.allCases.filter { $0 != .passed })
  func `only a pass is a success`(verdict: GradeVerdict) throws {
    let sheet = GradeSheet([result(verdict)])
    #expect(sheet.exitCode == 1)
    #expect(parseTAP(sheet.text(.tap))?.passed == 0)
    #expect(JUnitReader(sheet.text(.junit))?.failures == 1)
  }
}
