internal import Desktop
internal import FoundationEssentials
public import Grading
internal import Kernel
internal import Simulator
internal import Timeline

/// The results of the whole load in one of the forms.
public struct DesktopSheet: Sendable {
  let report: DesktopReport
  private let policy: String

  init(_ report: DesktopReport, policy: String) { (self.report, self.policy) = (report, policy) }

  /// Whether the run ended as it should: everything signaled, everything freed, no rule broken.
  public var isInOrder: Bool { report.problems.isEmpty }

  /// The whole sheet, without a last line break.
  public func text(_ format: DesktopFormat, style: ReportStyle = ReportStyle()) -> String {
    switch format {
    case .text: text(style)
    case .json: json
    }
  }

  // MARK: - For people

  private func text(_ style: ReportStyle) -> String {
    let options = report.options
    let title =
      "A desktop of \(counted(options.frames, "frame")), seed \(options.seed), designs: \(policy)"
    var lines = style.wrapped(title, indent: 2).map(style.bold) + [""]
    lines += table.enumerated().map { $0.offset == 0 ? style.dim($0.element) : $0.element }
    lines += ["", TimeChart(report.excerpt).text(chartOptions(style))]
    lines += style.wrapped(hang, indent: 0)
    lines += [""] + ends(style)
    return lines.joined(separator: "\n")
  }

  private func chartOptions(_ style: ReportStyle) -> TextOptions {
    TextOptions(columns: style.columns, styled: style.isStyled)
  }

  /// One line a client, after a line of headings.
  private var table: [String] {
    let head = [
      "client", "waits by", "frames", "late", "errors", "median", "95 %", "99 %", "slowest",
    ]
    let rows = report.statistics.map { row in
      [
        row.client.rawValue, row.client.synchronisation, "\(row.frames)", "\(row.late)",
        "\(row.errors)",
      ]
        + [row.latency.median, row.latency.p95, row.latency.p99, row.latency.max].map(milliseconds)
    }
    return ([head] + rows).map { cells in
      cells.enumerated().map { index, cell in
        let room = String(repeating: " ", count: max(0, (index < 2 ? 12 : 10) - cell.count))
        return index < 2 ? cell + room : room + cell
      }.joined()
    }
  }

  private var hang: String {
    guard let hang = report.hang else { return "Nothing hung." }
    var text =
      "The hang: \(hang.client.rawValue)'s frame \(hang.frame), begun at "
      + "\(milliseconds(hang.began)), never ended. At \(milliseconds(hang.reset)) the engine had "
      + "been reset; \(counted(hang.cancelled, "other frame")) on it "
      + "\(hang.cancelled == 1 ? "was" : "were") cancelled."
    if let recovered = hang.recovered {
      text += " The next whole picture was on the screen at \(milliseconds(recovered))."
    }
    return text
  }

  /// What the run claims about its end, and what does not hold.
  private func ends(_ style: ReportStyle) -> [String] {
    let order = report.machine.lockOrder
    let claims = [
      "\(report.fences.ended) of \(report.fences.all) published fences signaled",
      "\(report.buffers.ended) of \(report.buffers.all) buffers freed",
      "\(counted(report.machine.leaks.count, "other object")) left",
      "lock order: \(counted(order?.classCount ?? 0, "class", "classes")), "
        + "\(counted(order?.pairCount ?? 0, "pair")), "
        + (order?.problem == nil ? "no report" : "a report"),
      "\(milliseconds(report.nanoseconds)) of virtual time in \(report.machine.eventCount) steps",
    ]
    let problems = report.problems
    if problems.isEmpty {
      return style.wrapped("✓ " + claims.joined(separator: " · "), indent: 2).map(style.good)
    }
    return problems.flatMap { style.wrapped("✗ \($0)", indent: 2).map(style.bad) }
      + style.wrapped(claims.joined(separator: " · "), indent: 2)
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    let hundredths = (nanoseconds + 5_000) / 10_000
    let rest = String(hundredths % 100 + 100).dropFirst()
    return "\(hundredths / 100).\(rest) ms"
  }

  private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
  }

  // MARK: - For programs

  private struct Sheet: Encodable {
    let version = 1
    let load = "desktop"
    let frames: Int
    let seed: UInt64
    let policy: String
    let clients: [DesktopReport.Statistics]
    let hang: DesktopReport.Hang?
    let fences: DesktopReport.Count
    let buffers: DesktopReport.Count
    let lockClasses: Int
    let lockPairs: Int
    let nanoseconds: UInt64
    let steps: Int
    let problems: [String]
  }

  private var json: String {
    let sheet = Sheet(
      frames: report.options.frames, seed: report.options.seed, policy: policy,
      clients: report.statistics, hang: report.hang, fences: report.fences,
      buffers: report.buffers, lockClasses: report.machine.lockOrder?.classCount ?? 0,
      lockPairs: report.machine.lockOrder?.pairCount ?? 0, nanoseconds: report.nanoseconds,
      steps: report.machine.eventCount, problems: report.problems)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let data = try? encoder.encode(sheet) else {
      preconditionFailure("a sheet that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
