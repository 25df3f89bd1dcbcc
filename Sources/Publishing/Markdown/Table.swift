/// A table: one row of column headings, and rows whose first cell names the row.
package struct Table: Sendable {
  package let caption: String?
  package let header: [[Inline]]
  package let rows: [[[Inline]]]
}

extension Table {
  /// Splits `| a | b |` into trimmed cells; `\|` is a bar that belongs to the text.
  static func cells(of line: some StringProtocol) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.drop(while: \.isWhitespace) {
      if isEscaped {
        if character != "|" { cell.append("\\") }
        cell.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append(trimmed(cell))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    if isEscaped { cell.append("\\") }
    if !cell.allSatisfy(\.isWhitespace) { cells.append(trimmed(cell)) }
    if cells.first == "", line.drop(while: \.isWhitespace).first == "|" { cells.removeFirst() }
    return cells
  }

  /// Whether a row is the line of dashes under the column headings.
  static func isRule(_ cells: [String]) -> Bool {
    !cells.isEmpty
      && cells.allSatisfy { cell in
        cell.contains("-") && cell.allSatisfy { $0 == "-" || $0 == ":" }
      }
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    let blanks = start.reversed().prefix(while: \.isWhitespace).count
    return String(start.dropLast(blanks))
  }
}
