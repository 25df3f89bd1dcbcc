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
  public func text(_ format: ReportFormat, style: ReportStyle = ReportStyle()) -> String {
    switch format {
    case .text: results.map { GradeReport($0, style: style).text }.joined(separator: "\n\n")
    case .json: json
    case .junit: junit
    case .tap: tap
    }
  }

  private struct Sheet: Encodable {
    let version = 1
    let exercises: [Entry]
  }

  /// Every key is always there; what does not apply is null.
  private struct Entry: Encodable {
    let result: GradeResult

    enum CodingKeys: String, CodingKey {
      case id, verdict, rule, misconception, executions, exhaustive, bound, milliseconds, replay
      case message
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(result.id, forKey: .id)
      try container.encode(result.verdict, forKey: .verdict)
      try container.encode(result.rule, forKey: .rule)
      try container.encode(result.misconception, forKey: .misconception)
      try container.encode(result.executions, forKey: .executions)
      try container.encode(result.isExhaustive, forKey: .exhaustive)
      try container.encode(result.bound, forKey: .bound)
      try container.encode(result.milliseconds, forKey: .milliseconds)
      try container.encode(result.replay, forKey: .replay)
      try container.encode(result.message, forKey: .message)
    }
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Sheet(exercises: results.map(Entry.init))) else {
      preconditionFailure("a sheet that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private var junit: String {
    let failures = results.count { !$0.isPassed }
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<testsuite name="fencelab" tests="\#(results.count)" failures="\#(failures)">"#,
    ]
    for result in results {
      let milliseconds = String(result.milliseconds % 1000 + 1000).dropFirst()
      let time = "\(result.milliseconds / 1000).\(milliseconds)"
      let open = #"  <testcase name="\#(Self.xml(result.id))" time="\#(time)""#
      if result.isPassed {
        lines.append("\(open)/>")
      } else {
        let kind = Self.xml(result.verdict.rawValue)
        let body = Self.xml(GradeReport(result).text)
        lines.append("\(open)>")
        lines.append(
          #"    <failure type="\#(kind)" message="\#(Self.xml(result.message))">\#(body)</failure>"#
        )
        lines.append("  </testcase>")
      }
    }
    return (lines + ["</testsuite>"]).joined(separator: "\n")
  }

  private var tap: String {
    var lines = ["TAP version 14", "1..\(results.count)"]
    for (index, result) in results.enumerated() {
      let state = result.isPassed ? "ok" : "not ok"
      lines.append("\(state) \(index + 1) - \(result.id)")
      guard !result.isPassed else { continue }
      lines.append("  ---")
      lines.append("  verdict: \(result.verdict.rawValue)")
      if let rule = result.rule { lines.append("  rule: \(rule)") }
      lines.append("  message: \(Self.yaml(result.message))")
      lines.append("  ...")
    }
    return lines.joined(separator: "\n")
  }

  private static func xml(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(character)
      case _ where character.value < 32: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func yaml(_ text: String) -> String {
    let inner = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(inner.replacing("\n", with: " "))\""
  }
}
