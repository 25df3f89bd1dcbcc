internal import Explorer
internal import Grading

/// What somebody reads about one exploration, at most 100 columns wide.
///
/// The order is always the same: claim and verdict, schedule, what happened, what was explored,
/// and one next step.
struct ExplorationText {
  private let report: ExplorationReport
  private let replay: String?
  private let shortReplay: String
  private let style: ReportStyle
  private let isVerbose: Bool

  init(_ results: ExploreResults, _ index: Int, style: ReportStyle, isVerbose: Bool) {
    report = results.reports[index]
    replay = results.replayName(index)
    shortReplay = "\(results.file).\(index + 1)"
    self.style = style
    self.isVerbose = isVerbose
  }

  var text: String {
    var lines: [String] = []
    if let failure = report.failure {
      lines += style.wrapped("✗ \(report.name)", indent: 2).map(style.bad)
      lines += [style.bad("  \(verdict(failure))"), ""]
      if !failure.steps.isEmpty {
        lines += [ScheduleTable(failure, isVerbose: isVerbose).text(style)]
      }
      lines += paragraph(failure.message) + randomLines + outcomes + extent + nextStep
    } else if report.isExhaustive {
      lines += style.wrapped("✓ \(report.name)", indent: 2).map(style.good)
      lines += outcomes + extent
    } else {
      lines += style.wrapped("? \(report.name)", indent: 2).map(style.bold)
      lines += paragraph(
        "Not exhaustive: no rule was broken as far as the search went, and that is no pass.")
      lines += randomLines + outcomes + extent
    }
    return lines.joined(separator: "\n")
  }

  /// A sentence below the claim.
  private func paragraph(_ sentence: String) -> [String] {
    ReportStyle(columns: style.columns - 2).wrapped(sentence, indent: 0).map { "  " + $0 }
  }

  private func verdict(_ failure: FailureReport) -> String {
    let verdict = failure.verdict.rawValue
    let isSame = failure.rule == verdict.replacing(" ", with: "-")
    return isSame ? verdict : "\(verdict) (\(failure.rule))"
  }

  private var extent: [String] {
    paragraph("\(report.extent): \(report.bound)").map(style.dim)
  }

  private var randomLines: [String] {
    guard let random = report.random else { return [] }
    let count = counted(random.schedules, "random schedule")
    let text =
      random.foundFailure
      ? "Found by the last of \(count) (seed \(random.seed)), after the search had ended early."
      : "Then \(count) (seed \(random.seed)): no rule was broken there either."
    return paragraph(text)
  }

  /// What executions ended with, and how many of them.
  private var outcomes: [String] {
    guard let outcomes = report.outcomes else { return [] }
    let width = outcomes.map { String($0.executions).count }.max() ?? 0
    return outcomes.map { entry in
      let count = String(entry.executions)
      let line =
        String(repeating: " ", count: 4 + width - count.count) + count + "  "
        + entry.outcome
      return style.fit(line)
    }
  }

  private var nextStep: [String] {
    guard let replay else { return [] }
    let command = "  next: fencelab replay \(Self.quoted(replay))"
    let short = "  next: fencelab replay \(Self.quoted(shortReplay))"
    return [style.bold(command.count <= style.columns ? command : short)]
  }

  /// As a shell wants it.
  static func quoted(_ name: String) -> String {
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "./_~-+".contains($0) }
    return isPlain && !name.hasPrefix("~")
      ? name : "'" + name.replacing("'", with: "'\\''") + "'"
  }
}
