internal import Debates
internal import Explorer
internal import FoundationEssentials
internal import Grading

/// A form in which a debate's table is printed.
public enum CompareFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// For programs; version 1.
  case json
  /// For a page.
  case markdown
}

/// A debate's table in one of the forms, all made from the same cells.
struct CompareSheet {
  private let table: EvidenceTable
  private let style: ReportStyle
  private let showsSchedules: Bool

  init(_ table: EvidenceTable, style: ReportStyle, showsSchedules: Bool) {
    self.table = table
    self.style = style
    self.showsSchedules = showsSchedules
  }

  func text(_ format: CompareFormat) -> String {
    switch format {
    case .text: text
    case .json: json
    case .markdown: markdown
    }
  }

  // MARK: - For people

  private var text: String {
    var lines = style.wrapped(table.question, indent: 0).map(style.bold)
    if !table.rows.isEmpty { lines.append("") }
    lines += entries(table.rows.map { ($0.design, "\($0.origin.words): \($0.summary)") })
    for column in table.columns {
      lines += [""] + style.wrapped("\(column.name): \(column.meaning)", indent: 2).map(style.bold)
      lines += entries(table.rows.compactMap { row in cell(row, column).map { (row.design, $0) } })
    }
    if let place { lines += [""] + style.wrapped("Native costs: \(place).", indent: 0) }
    lines += claims
    if showsSchedules { lines += schedules }
    if !table.rows.isEmpty { lines += [""] + again }
    return lines.joined(separator: "\n")
  }

  /// Where native costs were measured.
  private var place: String? {
    table.native.map { "\($0.machine), \($0.toolchain), \($0.date), commit \($0.commit)" }
  }

  /// What was said about numbers, each with its mark and its command.
  private var claims: [String] {
    guard !table.claims.isEmpty else { return [] }
    var lines = ["", style.bold("  what was said, and what counting says")]
    for entry in table.claims {
      let claim = entry.claim
      let text = "\(claim.holds ? "✓" : "✗") \(claim.statement) (\(claim.source)): \(claim.result)"
      let wrapped = style.wrapped(" " + text, indent: 3)
      lines += wrapped.map(claim.holds ? style.good : style.bad) + ["   \(entry.command)"]
    }
    return lines
  }

  private func cell(_ row: EvidenceTable.Row, _ column: EvidenceTable.Column) -> String? {
    guard let cell = row.cells.first(where: { $0.column == column.name }) else { return nil }
    guard let report = cell.report else {
      return cell.isMeasured ? cell.text : style.dim(cell.text)
    }
    let mark = report.verdict == .passed ? "✓" : report.failure == nil ? "?" : "✗"
    let text = "\(mark) \(cell.text)"
    return report.verdict == .passed ? style.good(text) : style.bad(text)
  }

  /// Names and what is said of them, in two columns.
  private func entries(_ entries: [(name: String, text: String)]) -> [String] {
    let width = entries.map(\.name.count).max() ?? 0
    return entries.flatMap { name, text in
      let lead = " " + name + String(repeating: " ", count: width - name.count + 2)
      return style.wrapped(lead + text, indent: lead.count + 1)
    }
  }

  /// The failing schedule of every cell that has one.
  private var schedules: [String] {
    table.rows.flatMap { row in
      row.cells.flatMap { cell -> [String] in
        guard let failure = cell.report?.failure else { return [] }
        return [
          "", style.bad("✗ \(row.design), \(cell.column): \(failure.verdict.rawValue)"), "",
          ScheduleTable(failure, isVerbose: false).text(style),
        ] + style.wrapped(failure.message, indent: 0) + [
          style.bold("again: \(cell.replay ?? cell.command)")
        ]
      }
    }
  }

  private var again: [String] {
    [
      style.dim("Any cell again, a failing one with its schedule:"),
      "  fencelab compare \(table.debate) --design \(example.design) --column \(example.column)",
    ]
  }

  private var example: (design: String, column: String) {
    for row in table.rows {
      if let cell = row.cells.first(where: { $0.report?.failure != nil }) {
        return (row.design, cell.column)
      }
    }
    return (table.rows.first?.design ?? "NAME", table.columns.first?.name ?? "NAME")
  }

  // MARK: - For pages and programs

  private var markdown: String {
    let head = ["design", "from"] + table.columns.map(\.title)
    var lines = [table.question, "", line(head), line(head.map { _ in "---" })]
    lines += table.rows.map { row in
      line(
        ["\(row.design): \(row.summary)", row.origin.words]
          + row.cells.map { $0.isMeasured ? $0.text : "*\($0.text)*" })
    }
    lines += [""] + table.columns.map { "- **\($0.title)**: \($0.meaning)." }
    if let place { lines += ["", "Native costs: \(place)."] }
    if !table.claims.isEmpty {
      let claims = table.claims.map(\.claim)
      lines += ["", line(["what was said", "by whom", "what counting says", "holds"])]
      lines.append(line(["---", "---", "---", "---"]))
      lines += claims.map {
        line([$0.statement, $0.source, $0.result, $0.holds ? "yes" : "no"])
      }
    }
    lines += ["", "Each cell again:", "", "```sh"]
    lines += table.rows.flatMap { row in row.cells.filter(\.isMeasured).map(\.command) }
    lines += table.claims.map(\.command)
    return (lines + ["```"]).joined(separator: "\n")
  }

  private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private struct Sheet: Encodable {
    let version = 1
    let table: EvidenceTable
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let data = try? encoder.encode(Sheet(table: table)) else {
      preconditionFailure("a table that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
