/// How a piece of text looks on a terminal that allows styles.
enum TextStyle: Sendable, Hashable {
  case normal, bold, dim, alarm, accent

  /// The parameters of the escape code that switches this style on.
  fileprivate var code: String {
    switch self {
    case .normal: "0"
    case .bold: "1"
    case .dim: "2"
    case .alarm: "1;31"
    case .accent: "36"
    }
  }
}

/// A grid of character cells that text is put on and lines are read from.
struct TextCanvas {
  let options: TextOptions
  private var rows: [[Cell?]] = []

  private struct Cell {
    let text: String
    let style: TextStyle
  }

  init(_ options: TextOptions) { self.options = options }

  var rowCount: Int { rows.count }

  /// Whether nothing has been put on the cell.
  func isFree(row: Int, column: Int) -> Bool {
    row >= rows.count || column >= rows[row].count || rows[row][column] == nil
  }

  /// Puts `text` from `column` on; whatever would leave the canvas is shortened.
  mutating func put(_ text: String, row: Int, column: Int, _ style: TextStyle = .normal) {
    let shown = DisplayText(text, options.repertoire).shortened(to: options.columns - column)
    while rows.count <= row { rows.append([]) }
    var cursor = column
    for character in shown.string {
      let width = DisplayText(String(character), options.repertoire).columns
      while rows[row].count < cursor + width { rows[row].append(nil) }
      rows[row][cursor] = Cell(text: String(character), style: style)
      // The second half of a wide character holds nothing and prints nothing.
      if width == 2 { rows[row][cursor + 1] = Cell(text: "", style: style) }
      cursor += width
    }
  }

  /// Adds an empty row and returns its index.
  mutating func addRow() -> Int {
    rows.append([])
    return rows.count - 1
  }

  /// All rows as one text, without trailing spaces, each ended by a line feed.
  func string() -> String {
    rows.map { line($0) + "\n" }.joined()
  }

  private func line(_ cells: [Cell?]) -> String {
    var text = ""
    var style = TextStyle.normal
    let used = cells.prefix((cells.lastIndex { $0 != nil && $0?.text != " " } ?? -1) + 1)
    for cell in used {
      let wanted = cell?.style ?? .normal
      if options.styled, wanted != style {
        text += style == .normal ? "" : "\u{1B}[0m"
        text += wanted == .normal ? "" : "\u{1B}[\(wanted.code)m"
        style = wanted
      }
      text += cell?.text ?? " "
    }
    return style == .normal ? text : text + "\u{1B}[0m"
  }
}
