/// The Test Anything Protocol, version 14.
///
/// A run without a single result is written as a failed one: `1..0` would say that all was skipped,
/// which readers take for a success.
enum TAP {
  static func document(_ results: [GradeResult]) -> String {
    guard !results.isEmpty else {
      return "TAP version 14\n1..1\nnot ok 1 - nothing was graded"
    }
    var lines = ["TAP version 14", "1..\(results.count)"]
    for (index, result) in results.enumerated() {
      let state = result.isPassed ? "ok" : "not ok"
      lines.append("\(state) \(index + 1) - \(description(result.id))")
      guard !result.isPassed else { continue }
      lines.append("  ---")
      lines.append("  verdict: \(scalar(result.verdict.rawValue))")
      if let rule = result.rule { lines.append("  rule: \(scalar(rule))") }
      lines.append("  message: \(scalar(result.message))")
      lines.append("  duration_ms: \(result.milliseconds)")
      lines.append("  ...")
    }
    return lines.joined(separator: "\n")
  }

  /// A sharp would begin a directive such as `# SKIP`.
  private static func description(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("#", with: "\\#").replacing("\n", with: " ")
  }

  /// A YAML string in quotation marks.
  private static func scalar(_ text: String) -> String {
    var inner = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": inner += "\\\\"
      case "\"": inner += "\\\""
      case "\n": inner += "\\n"
      case "\t": inner += "\\t"
      case _ where character.value < 32 || character.value == 127: inner += "\u{FFFD}"
      default: inner.unicodeScalars.append(character)
      }
    }
    return "\"\(inner)\""
  }
}
