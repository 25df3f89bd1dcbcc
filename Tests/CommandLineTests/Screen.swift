/// What a terminal shows after the bytes it was sent: enough of one for what we send.
struct Screen {
  let columns: Int
  let rows: Int
  /// Whether anything was ever written beyond an edge.
  private(set) var hasOverflown = false
  /// Whether a screen was drawn to its end, and nothing of the next one has come.
  private(set) var isWhole = false
  /// Sequences that it does not know.
  private(set) var unknown: [String] = []
  private var cells: [[Character]]
  private var row = 0
  private var column = 0
  private var bytes: [UInt8] = []

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The rows, without blanks at their ends.
  var lines: [String] {
    cells.map { row in
      String(row.reversed().drop { $0 == " " }.reversed())
    }
  }

  var text: String { lines.joined(separator: "\n") }

  mutating func take(_ new: some Sequence<UInt8>) {
    bytes += new
    // A character or a sequence may arrive in pieces.
    while let length = nextLength() {
      let piece = String(decoding: bytes.prefix(length), as: UTF8.self)
      bytes.removeFirst(length)
      perform(piece)
    }
  }

  private func nextLength() -> Int? {
    guard let first = bytes.first else { return nil }
    guard first == 0x1B else {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      return bytes.count >= length ? length : nil
    }
    guard bytes.count > 2 else { return nil }
    return bytes.indices.dropFirst(2).first { (0x40...0x7E).contains(bytes[$0]) }.map { $0 + 1 }
  }

  private mutating func perform(_ piece: String) {
    isWhole = piece == "\u{1B}[J"
    switch piece {
    case "\n", "\r\n":
      row += 1
      column = 0
      if row >= rows { scroll() }
    case "\r": column = 0
    case "\u{1B}[H": (row, column) = (0, 0)
    case "\u{1B}[K": clear(row, from: column)
    case "\u{1B}[J":
      clear(row, from: column)
      for below in (row + 1)..<max(rows, row + 1) { clear(below, from: 0) }
    case "\u{1B}[?1049h", "\u{1B}[?1049l":
      for all in 0..<rows { clear(all, from: 0) }
      (row, column) = (0, 0)
    case _ where piece.hasPrefix("\u{1B}"):
      if !piece.hasSuffix("m") { unknown.append(piece) }
    default: put(piece)
    }
  }

  private mutating func put(_ piece: String) {
    guard let character = piece.first else { return }
    if column >= columns {
      hasOverflown = true
      return
    }
    cells[row][column] = character
    column += 1
  }

  private mutating func clear(_ row: Int, from column: Int) {
    guard row < rows else { return }
    for place in column..<max(columns, column) where place < columns { cells[row][place] = " " }
  }

  private mutating func scroll() {
    hasOverflown = true
    cells.removeFirst()
    cells.append(Array(repeating: " ", count: columns))
    row = rows - 1
  }
}
