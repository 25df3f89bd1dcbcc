internal import Explorer

/// How a report looks.
public struct ReportStyle: Sendable, Hashable {
  /// Whether escape codes for bold and colour may appear.
  public let isStyled: Bool
  /// The widest line, at most ``Limits/reportColumnsMax``.
  public let columns: Int

  /// Chooses both.
  public init(isStyled: Bool = false, columns: Int = Limits.reportColumnsMax) {
    self.isStyled = isStyled
    self.columns = min(columns, Limits.reportColumnsMax)
  }

  package func bold(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  package func good(_ text: String) -> String { isStyled ? "\u{1B}[1;32m\(text)\u{1B}[0m" : text }
  package func bad(_ text: String) -> String { isStyled ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text }
  package func dim(_ text: String) -> String { isStyled ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}

/// What a learner reads about one result: at most 25 lines, each at most 100 columns wide.
///
/// The order is always the same: verdict and claim, schedule, expected and got, the belief behind
/// it, one next step, and what was explored.
public struct GradeReport: Sendable {
  let result: GradeResult
  let style: ReportStyle

  let isVerbose: Bool

  /// Reports one result.
  ///
  /// - Parameter isVerbose: Whether the first complaint of a compiler is followed by the others.
  public init(
    _ result: GradeResult, style: ReportStyle = ReportStyle(), isVerbose: Bool = false
  ) {
    self.result = result
    self.style = style
    self.isVerbose = isVerbose
  }

  /// The lines, without a last line break.
  public var text: String {
    (result.isPassed ? passLines : failureLines).joined(separator: "\n")
  }

  private var passLines: [String] {
    [style.good("✓ \(result.number) passed") + "  \(seconds)"]
      + style.wrapped(result.message, indent: 2) + style.wrapped(explored, indent: 2).map(style.dim)
  }

  private var failureLines: [String] {
    var lines = [style.bad("✗ \(result.number) \(property)") + "  \(seconds)"]
    if let claim = result.claim { lines += style.wrapped("  claim: \(claim.name)", indent: 4) }
    let tail = closingLines
    if let failure = result.failure, !failure.steps.isEmpty {
      lines.append("")
      lines += schedule(failure, linesMax: Limits.reportLinesMax - lines.count - tail.count - 1)
    }
    lines.append("")
    return lines + tail
  }

  /// Everything below the schedule.
  private var closingLines: [String] {
    var lines: [String] = []
    if !result.details.isEmpty {
      if result.verdict == .crashed { lines += style.wrapped(result.message, indent: 2) }
      lines += result.details.prefix(8).flatMap { style.wrapped($0, indent: 4) }
      if isVerbose {
        lines += result.further.map { style.fit($0) }
      } else if !result.further.isEmpty {
        lines.append(style.dim("and more: --verbose, or m while watching"))
      }
    } else {
      lines += style.wrapped(result.message, indent: 2)
    }
    if let claim = result.claim {
      lines += style.wrapped("expected  \(claim.expected)", indent: 10)
      lines += style.wrapped("got       \(claim.got)", indent: 10)
    }
    if let belief = result.belief { lines += style.wrapped(belief, indent: 2) }
    lines += nextStep
    if result.executions > 0 { lines += style.wrapped(explored, indent: 2).map(style.dim) }
    return lines
  }

  /// The verdict, and the rule where that says more.
  private var property: String {
    let verdict = result.verdict.rawValue
    guard let rule = result.rule, rule != verdict.replacing(" ", with: "-") else { return verdict }
    return "\(verdict) (\(rule))"
  }

  /// One thing to do now.
  private var nextStep: [String] {
    if [.doesNotCompile, .forbiddenConstruct].contains(result.verdict) {
      let isInChecks = result.details.first?.contains("Checks.swift:") == true
      let what = isInChecks ? "bring back what it needs" : "change that line"
      return [style.bold("next: \(what), save, and grade again")]
    }
    guard let replay = result.replay else {
      return [style.bold("next: fencelab hint \(result.number)")]
    }
    let command = "next: fencelab replay \(replay)"
    if command.count <= style.columns { return [style.bold(command)] }
    return [style.bold("next: fencelab replay \(result.number)")]
  }

  private var explored: String {
    let bound = result.bound.isEmpty ? "" : ": \(result.bound)"
    return "explored \(counted(result.executions, "execution"))\(bound)"
  }

  private var seconds: String { "\(result.milliseconds) ms" }

  /// The lane table, folded so that it fits below its two lines of head.
  private func schedule(_ failure: FailureReport, linesMax: Int) -> [String] {
    let story = ScheduleTable.story(failure, rowsMax: max(linesMax - 2, 1))
    return ScheduleTable(failure, story).text(style).split(separator: "\n").map(String.init)
  }
}

extension ReportStyle {
  /// A line cut to the width, in which nothing gives orders to a terminal.
  package func fit(_ line: String) -> String {
    let line = Self.harmless(line)
    return line.count <= columns ? line : line.prefix(columns - 1) + "…"
  }

  /// Answers choose names and say last words: what a terminal would obey, or would show in another
  /// order, is replaced.
  static func harmless(_ text: String) -> String {
    func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    guard text.unicodeScalars.contains(where: isObeyed) else { return text }
    var harmless = ""
    for scalar in text.unicodeScalars {
      let isSpace = scalar == "\t" || scalar == "\n"
      harmless.unicodeScalars.append(isSpace ? " " : isObeyed(scalar) ? "\u{FFFD}" : scalar)
    }
    return harmless
  }

  /// Words on as many lines as they need; all but the first are indented.
  package func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
      } else {
        line +=
          line.isEmpty && lines.isEmpty && word.isEmpty ? " " : (line.isEmpty ? "" : " ") + word
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map(fit)
  }
}
