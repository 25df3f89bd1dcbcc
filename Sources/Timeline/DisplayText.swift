/// One line of text as a terminal shows it: printable characters with known widths.
///
/// Event texts come from programs under test, so nothing in them may move the cursor, reverse the
/// reading direction or break a line: such characters become spaces or are replaced.
package struct DisplayText: Sendable, Hashable {
  /// Characters and the terminal columns each one takes, 1 or 2.
  private let cells: [Cell]
  private let repertoire: Repertoire

  private struct Cell: Sendable, Hashable {
    let character: Character
    let columns: Int
  }

  /// Makes `raw` printable on one line with the characters of `repertoire`.
  package init(_ raw: String, _ repertoire: Repertoire = .unicode) {
    self.repertoire = repertoire
    var cells: [Cell] = []
    for character in raw {
      for printable in Self.printable(character, repertoire) {
        cells.append(Cell(character: printable, columns: Self.columns(of: printable)))
      }
    }
    self.cells = cells
  }

  private init(cells: [Cell], _ repertoire: Repertoire) {
    self.cells = cells
    self.repertoire = repertoire
  }

  /// The terminal columns this text takes.
  package var columns: Int { cells.reduce(0) { $0 + $1.columns } }

  package var string: String { String(cells.map(\.character)) }

  /// The same text in at most `limit` columns; what does not fit is replaced by one ellipsis.
  package func shortened(to limit: Int) -> DisplayText {
    guard columns > limit else { return self }
    let (ellipsis, room) = ellipsis(in: limit)
    return DisplayText(cells: head(room) + ellipsis, repertoire)
  }

  /// As `shortened(to:)`, but keeps the end: a path loses its folders, never its line number.
  package func shortenedAtStart(to limit: Int) -> DisplayText {
    guard columns > limit else { return self }
    let (ellipsis, room) = ellipsis(in: limit)
    let reversed = DisplayText(cells: cells.reversed(), repertoire)
    return DisplayText(cells: ellipsis + reversed.head(room).reversed(), repertoire)
  }

  private func ellipsis(in limit: Int) -> (cells: [Cell], room: Int) {
    let signs = repertoire == .unicode ? "…" : String(repeating: ".", count: min(3, max(limit, 0)))
    let cells = signs.map { Cell(character: $0, columns: 1) }
    return limit <= 0 ? ([], 0) : (cells, limit - cells.count)
  }

  private func head(_ limit: Int) -> [Cell] {
    var taken = 0
    return Array(
      cells.prefix { cell in
        taken += cell.columns
        return taken <= limit
      })
  }
}

// MARK: - Characters

extension DisplayText {
  /// The printable stand-in of one character; several characters where ASCII needs them.
  private static func printable(_ character: Character, _ repertoire: Repertoire) -> String {
    if character.isNewline || character == "\t" { return " " }
    if character.isASCII {
      let isControl = character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
      return isControl ? "?" : String(character)
    }
    if repertoire == .ascii { return asciiForms[character] ?? "?" }
    // A mark alone would join its left neighbour, and a pile of marks would reach other lines.
    let scalars = character.unicodeScalars
    let standsAlone = scalars.first.map { !isCombining($0) } ?? false
    let isHarmless = standsAlone && scalars.count <= 8 && scalars.allSatisfy(isVisible)
    return isHarmless ? String(character) : "\u{FFFD}"
  }

  private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  private static let asciiForms: [Character: String] = [
    "…": "...", "→": "->", "←": "<-", "✗": "X", "✓": "ok", "·": ".", "•": "*", "µ": "u",
    "≤": "<=", "≥": ">=", "≠": "!=", "–": "-", "—": "-", "’": "'", "‘": "'", "“": "\"", "”": "\"",
    "×": "x", "─": "-", "│": "|",
  ]

  /// Whether a scalar neither moves the cursor nor changes how its neighbours are ordered.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    case .format: scalar.value == 0x200D  // The joiner inside an emoji.
    default: true
    }
  }

  private static func columns(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first, !character.isASCII else { return 1 }
    let isEmoji =
      first.properties.isEmojiPresentation
      || character.unicodeScalars.contains { $0.value == 0xFE0F }
    return isEmoji || wideScalars.contains { $0.contains(first.value) } ? 2 : 1
  }

  /// Scalars a terminal draws two columns wide (Unicode's East Asian Width W and F, in blocks).
  private static let wideScalars: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
