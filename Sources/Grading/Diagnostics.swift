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
  private let cause: ChildProcess.Cause

  /// Reads the errors; `path:line:column: error: message [#Group]` followed by the line of source.
  ///
  /// - Parameter shown: What a reader calls the file at a path.
  init(_ ending: ChildProcess.Ending, shown: (String) -> String) {
    cause = ending.cause
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
          file: shown(String(place.first ?? "")),
          line: place.count > 1 ? String(place[1]) : "0", message: message, group: group,
          source: index + 1 < lines.count ? lines[index + 1].trimmed : ""))
    }
  }

  /// The verdict: unsafe code alone is a forbidden construct, anything else does not compile.
  var refusal: Compiler.Refusal {
    guard let first = errors.first else {
      return Compiler.Refusal(verdict: .doesNotCompile, rule: "compiler", lines: wordless)
    }
    let isUnsafe = errors.allSatisfy { $0.group == "StrictMemorySafety" }
    let complaints = errors.prefix(Limits.diagnosticsMax).map {
      ["\($0.file):\($0.line): \($0.message)", "    \($0.source)"]
    }
    var lines = complaints[0]
    if first.file.hasSuffix("Checks.swift") {
      lines.append("Checks.swift uses what Exercise.swift declares: keep its public declarations.")
    }
    return Compiler.Refusal(
      verdict: isUnsafe ? .forbiddenConstruct : .doesNotCompile,
      rule: isUnsafe ? "unsafe-code" : nil, lines: lines,
      further: complaints.dropFirst().flatMap(\.self))
  }

  /// What can be said of a compiler that ended without an error of its own.
  private var wordless: [String] {
    if cause == .timedOut {
      return ["The compiler did not end in time: write long expressions in several steps."]
    }
    let last = rest.split(separator: "\n").suffix(3).map(String.init)
    return ["The compiler gave up: make the file simpler, step by step."] + last
  }
}

extension StringProtocol {
  /// Without spaces at either end.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
