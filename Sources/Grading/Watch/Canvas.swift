internal import Glibc

/// Draws screens that fit: a head, a part that can be scrolled, and a foot that is always seen.
struct Canvas {
  /// Whether the cursor may be moved; a terminal that cannot is sent one screen after the other.
  let canMove: Bool
  private let write: (String) -> Void

  init(canMove: Bool, write: @escaping (String) -> Void) {
    self.canMove = canMove
    self.write = write
  }

  /// A screen before it is fitted.
  struct Screen: Hashable {
    var head: [String] = []
    var body: [String] = []
    var foot: [String] = []
  }

  /// Columns and rows of a terminal.
  struct Size: Hashable {
    var columns = 80
    var rows = 24
  }

  /// The size now.
  static var size: Size {
    var window = winsize()
    // Safety: the structure is only used for the time of the call.
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
      window.ws_row > 0
    else { return Size() }
    return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
  }

  /// How far a body can be scrolled.
  static func scrollMax(_ screen: Screen, in size: Size) -> Int {
    max(0, screen.body.count - room(screen, in: size))
  }

  /// The rows of a screen, none wider than the terminal and not more than it has.
  static func rows(_ screen: Screen, scrolledBy offset: Int, in size: Size) -> [String] {
    let room = room(screen, in: size)
    let start = min(offset, scrollMax(screen, in: size))
    var body = Array(screen.body.dropFirst(start).prefix(room))
    body += Array(repeating: "", count: room - body.count)
    let rows = screen.head + body + screen.foot
    return rows.suffix(size.rows).map { cut($0, to: size.columns) }
  }

  private static func room(_ screen: Screen, in size: Size) -> Int {
    max(1, size.rows - screen.head.count - screen.foot.count)
  }

  /// Shows a screen.
  func show(_ screen: Screen, scrolledBy offset: Int) {
    guard canMove else {
      write((screen.head + screen.body + screen.foot).joined(separator: "\n") + "\n")
      return
    }
    let rows = Self.rows(screen, scrolledBy: offset, in: Self.size)
    // Each row is cleared behind its text, so nothing flickers.
    write("\u{1B}[H" + rows.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
  }

  /// At most so many columns of a line; escape codes take none.
  static func cut(_ line: String, to columns: Int) -> String {
    var result = ""
    var used = 0
    var rest = line.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "\u{1B}" {
        let code = rest.prefix { $0 != "m" }
        result.unicodeScalars.append(contentsOf: code)
        result += "m"
        rest = rest.dropFirst(code.count + 1)
        continue
      }
      used += columnCount(scalar)
      if used > columns { return result + (line.contains("\u{1B}") ? "\u{1B}[0m" : "") }
      result.unicodeScalars.append(scalar)
      rest = rest.dropFirst()
    }
    return result
  }

  private static func columnCount(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: 0
    default: (0x1100...0x115F).contains(scalar.value) || scalar.value >= 0x2E80 ? 2 : 1
    }
  }
}
