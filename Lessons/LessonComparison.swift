import Debates
import Explorer

/// A debate's table as a lesson shows it: what was explored and counted, without commands.
enum LessonComparison {
  /// The table that `run=compare/whose-lock` names, or a part of it, as
  /// `run=compare/whose-lock/close,bytes`; nil for other names.
  static func table(_ name: String) -> LessonTable? {
    let parts = name.split(separator: "/").map(String.init)
    guard parts.count == 2 || parts.count == 3, parts[0] == "compare",
      let debate = Debate.named(parts[1])
    else { return nil }
    let known = Comparison(debate).columns.filter { !unshown.contains($0.name) }
    let wanted = parts.count == 3 ? parts[2].split(separator: ",").map(String.init) : nil
    guard wanted?.allSatisfy({ name in known.contains { $0.name == name } }) ?? true else {
      return nil
    }
    return LessonTable(name) {
      rows(of: debate, known.filter { wanted?.contains(program(of: $0)) ?? true })
    }
  }

  /// Columns of advice and of records: `fencelab compare` shows them.
  private static let unshown: Set = ["native", "rows", "remember"]

  private static func rows(
    of debate: Debate, _ columns: [EvidenceTable.Column]
  ) -> [[String]] {
    let table = Comparison(debate).table(columns: columns.map(\.name))
    let shown = columns.filter { !isMerged($0) && tellsApart($0, in: table) }
    return [["design", "from"] + shown.map(\.title)]
      + table.rows.map { row in
        ["`\(row.design)`", row.origin.words] + shown.map { text($0, row.design, table) }
      }
  }

  /// The column without the memory that it is explored on.
  private static func program(of column: EvidenceTable.Column) -> String {
    isMerged(column) ? String(column.name.dropLast(weak.count)) : column.name
  }

  private static let weak = "-weak"

  /// What weak memory says stands in the column of the same program.
  private static func isMerged(_ column: EvidenceTable.Column) -> Bool {
    column.name.hasSuffix(weak)
  }

  /// Programs are always shown, numbers where they differ.
  private static func tellsApart(_ column: EvidenceTable.Column, in table: EvidenceTable) -> Bool {
    let cells = table.rows.compactMap { table.cell($0.design, column.name) }
    return cells.contains { $0.report != nil } || Set(cells.map(\.text)).count > 1
  }

  private static func text(
    _ column: EvidenceTable.Column, _ design: String, _ table: EvidenceTable
  ) -> String {
    guard let cell = table.cell(design, column.name) else { return "" }
    guard let verdict = self.verdict(cell) else { return cell.text }
    guard let weaker = table.cell(design, column.name + weak), let other = self.verdict(weaker),
      other != verdict
    else { return verdict }
    return "\(verdict); on weak memory \(other)"
  }

  private static func verdict(_ cell: EvidenceTable.Cell) -> String? {
    guard let report = cell.report else { return nil }
    if report.failure == nil, !report.isExhaustive { return "stopped" }
    return report.verdict.rawValue
  }
}
