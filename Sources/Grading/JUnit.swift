/// The XML that build servers read.
///
/// A run without a single case is written as a failure: readers take an empty file for a success.
enum JUnit {
  /// One result.
  struct Case {
    let name: String
    let milliseconds: Int
    /// What went wrong; nil for a pass.
    let failure: Failure?
  }

  struct Failure {
    let kind: String
    let message: String
    let report: String
  }

  /// Results under one name.
  struct Suite {
    let name: String
    var cases: [Case]
  }

  static func document(_ suites: [Suite]) -> String {
    var suites = suites
    if suites.allSatisfy(\.cases.isEmpty) {
      let failure = Failure(
        kind: "nothing graded", message: "Nothing was graded.", report: "Nothing was graded.")
      suites = [
        Suite(
          name: "fencelab",
          cases: [Case(name: "anything at all", milliseconds: 0, failure: failure)])
      ]
    }
    let all = suites.flatMap(\.cases)
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
    // The schema that Jenkins checks files with knows no `skipped` here.
    lines.append(#"<testsuites name="fencelab" \#(counts(all)) time="\#(time(all))">"#)
    for suite in suites {
      lines.append(
        #"  <testsuite name="\#(escaped(suite.name))" \#(counts(suite.cases)) skipped="0" "#
          + #"time="\#(time(suite.cases))">"#)
      for item in suite.cases { lines += element(item, in: suite) }
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>"]).joined(separator: "\n")
  }

  private static func element(_ item: Case, in suite: Suite) -> [String] {
    let open =
      #"    <testcase classname="\#(escaped(suite.name))" name="\#(escaped(item.name))" "#
      + #"time="\#(seconds(item.milliseconds))""#
    guard let failure = item.failure else { return ["\(open)/>"] }
    return [
      "\(open)>",
      #"      <failure type="\#(escaped(failure.kind))" message="\#(escaped(failure.message))">"#
        + "\(escaped(failure.report))</failure>",
      "    </testcase>",
    ]
  }

  private static func counts(_ cases: [Case]) -> String {
    let failures = cases.count { $0.failure != nil }
    return #"tests="\#(cases.count)" failures="\#(failures)" errors="0""#
  }

  private static func time(_ cases: [Case]) -> String {
    seconds(cases.reduce(0) { $0 + $1.milliseconds })
  }

  private static func seconds(_ milliseconds: Int) -> String {
    "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
  }

  /// Text for an element or an attribute; what XML cannot hold is replaced.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(character)
      case _ where character.value < 32, "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}

extension JUnit.Case {
  init(_ result: GradeResult) {
    name = result.id
    milliseconds = result.milliseconds
    failure =
      result.isPassed
      ? nil
      : JUnit.Failure(
        kind: result.verdict.rawValue, message: result.message, report: GradeReport(result).text)
  }

  init(_ entry: ClassEntry) {
    name = entry.grade.id
    milliseconds = entry.grade.milliseconds
    failure =
      entry.isPassed
      ? nil
      : JUnit.Failure(
        kind: entry.grade.verdict.rawValue, message: entry.grade.message, report: entry.report)
  }
}
