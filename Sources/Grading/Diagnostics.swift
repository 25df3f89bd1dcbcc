/// What a compiler complained about.
struct Diagnostics {
  /// One complaint and the line of source that it points at.
  struct Complaint {
    var file: String
    var line: String
    var message: String
    /// The compiler's group, such as `StrictMemorySafety`.
    var group: String?
    var source: String
  }

  private(set) var errors: [Complaint] = []
  private let rest: String

  /// Reads the errors; `path:line:column: error: message [#Group]` followed by the line of source.
  init(_ ending: ChildProcess.Ending, _ workspace: Workspace) {
    rest = String(decoding: ending.errors, as: UTF8.self)
    let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard let mark = line.firstRange(of: ": error: ") else { continue }
      let place = line[..<mark.lowerBound].split(separator: ":")
      var message = String(line[mark.upperBound...])
      var group: String?
      if let tag = message.firstRange(of: " [#"), message.hasSuffix("]") {
        group = String(message[tag.upperBound...].dropLast())
        message = String(message[..<tag.lowerBound])
      }
      errors.append(
        Complaint(
          file: workspace.shown(String(place.first ?? "")),
          line: place.count > 1 ? String(place[1]) : "0", message: message, group: group,
          source: index + 1 < lines.count ? lines[index + 1].trimmed : ""))
    }
  }

  /// The verdict: unsafe code alone is a forbidden construct, anything else does not compile.
  func refusal(of file: String) -> Compiler.Refusal {
    guard let first = errors.first else {
      let last = rest.split(separator: "\n").suffix(3).map(String.init)
      return Compiler.Refusal(
        verdict: .doesNotCompile, rule: nil,
        lines: last.isEmpty ? ["the compiler ended without a word"] : last)
    }
    let isUnsafe = errors.allSatisfy { $0.group == "StrictMemorySafety" }
    var lines = errors.prefix(3).flatMap {
      ["\($0.file):\($0.line): \($0.message)", "    \($0.source)"]
    }
    if errors.count > 3 { lines.append("and \(errors.count - 3) more") }
    if first.file.hasSuffix("Checks.swift") {
      lines.append("Checks.swift uses what Exercise.swift declares: keep its public declarations.")
    }
    return Compiler.Refusal(
      verdict: isUnsafe ? .forbiddenConstruct : .doesNotCompile,
      rule: isUnsafe ? "unsafe-code" : nil, lines: lines)
  }
}

extension StringProtocol {
  /// Without spaces at either end.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
