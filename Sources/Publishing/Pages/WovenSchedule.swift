/// A schedule as the kit prints it, taken apart: one lane for each CPU, one row for each step.
///
/// The text stays what is woven and verified; the site needs the cells.
struct WovenSchedule {
  /// One step, or a fold of steps.
  struct Row {
    /// The number of the step, as it was printed.
    let number: String
    /// What stands in each lane; one of them is not empty.
    let cells: [String]
    let mark: Mark?
  }

  /// Why a step is marked.
  enum Mark: Character, CaseIterable {
    case broke = "✗"
    case partner = "●"

    /// What the mark means, for readers who cannot see it.
    var meaning: String {
      switch self {
      case .broke: "breaks the rule"
      case .partner: "what it collides with"
      }
    }
  }

  /// The heading of each lane.
  let lanes: [String]
  let rows: [Row]
  /// What stands below: the rule that was broken.
  let message: String

  /// Reads the text of a woven block; nil if it is no table of lanes.
  init?(_ text: String) {
    let lines = text.lines
    guard lines.count > 2, !lines[1].isEmpty, lines[1].allSatisfy({ "─┼".contains($0) }) else {
      return nil
    }
    let bars = lines[1].enumerated().filter { $0.element == "┼" }.map(\.offset)
    let end = lines.dropFirst(2).firstIndex(where: \.isEmpty) ?? lines.endIndex
    lanes = Self.split(lines[0], at: bars).map(Self.trim)
    rows = lines[2..<end].map { Self.row($0, bars: bars) }
    message = lines[end...].filter { !$0.isEmpty }.map(Self.trim).joined(separator: " ")
    guard lanes.count == bars.count + 1, !rows.isEmpty else { return nil }
  }

  private static func row(_ line: Substring, bars: [Int]) -> Row {
    var cells = split(line, at: bars).map(trim)
    let number = String(cells[0].prefix(while: \.isNumber))
    cells[0] = trim(cells[0].dropFirst(number.count))
    var mark: Mark?
    for (index, cell) in cells.enumerated() {
      guard let first = cell.first, let found = Mark(rawValue: first) else { continue }
      mark = found
      cells[index] = trim(cell.dropFirst())
    }
    return Row(number: number, cells: cells, mark: mark)
  }

  private static func split(_ line: Substring, at bars: [Int]) -> [Substring] {
    var parts: [Substring] = []
    var rest = line
    var offset = 0
    for bar in bars {
      parts.append(rest.prefix(bar - offset))
      rest = rest.dropFirst(bar - offset + 1)
      offset = bar + 1
    }
    return parts + [rest]
  }

  private static func trim(_ text: some StringProtocol) -> String {
    let tail = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
    return String(tail.reversed())
  }
}
