/// What a terminal may be sent besides text.
///
/// The caller decides; rendering asks no environment.
package struct TerminalStyle: Sendable {
  /// Whether weight and colour are shown by escape sequences.
  package let hasColours: Bool

  /// Whether links are sent as OSC 8 hyperlinks; otherwise they are listed at the end.
  package let hasHyperlinks: Bool

  /// Text alone: for pipes, files, and `NO_COLOR`.
  package static let plain = TerminalStyle(hasColours: false, hasHyperlinks: false)

  /// Weight and colour, for a terminal that shows them.
  package static let coloured = TerminalStyle(hasColours: true, hasHyperlinks: false)

  /// Creates a style.
  package init(hasColours: Bool, hasHyperlinks: Bool) {
    self.hasColours = hasColours
    self.hasHyperlinks = hasHyperlinks
  }
}

/// A piece of text that looks the same throughout.
struct TerminalSpan {
  /// How a span looks.
  enum Look {
    case plain, bold, emphasis, code, dim, heading, good, bad, warm
  }

  var text: String
  var look = Look.plain
  var link: String?
}

extension TerminalStyle {
  /// The characters that show `span`; control characters in it are made visible.
  func show(_ span: TerminalSpan) -> String {
    var text = Self.visible(span.text)
    if hasColours, let code = Self.code(for: span.look) { text = "\u{1B}[\(code)m\(text)\u{1B}[0m" }
    if hasHyperlinks, let link = span.link {
      text = "\u{1B}]8;;\(Self.visible(link))\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
    }
    return text
  }

  private static func code(for look: TerminalSpan.Look) -> String? {
    switch look {
    case .plain: nil
    case .bold: "1"
    case .emphasis: "3"
    case .code: "36"
    case .dim: "2"
    case .heading: "1;36"
    case .good: "32"
    case .bad: "31"
    case .warm: "33"
    }
  }

  /// Text from a file must not steer the terminal.
  private static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        result += "  "
      } else {
        let isControl = scalar.properties.generalCategory == .control
        result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }
}

extension StringProtocol {
  /// The columns this text takes in a terminal.
  var columns: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return unicodeScalars.reduce(0) { $0 + $1.columns }
  }
}

extension Unicode.Scalar {
  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default:
      switch value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        2
      default: 1
      }
    }
  }
}
