/// HTML text in the making: what goes in is either escaped or written by the kit.
struct HTML {
  private(set) var text = ""

  /// Appends markup that the kit itself wrote.
  mutating func raw(_ markup: String) { text += markup }

  /// Appends text that must show as it is, in content or in a quoted attribute.
  mutating func escaped(_ content: some StringProtocol) {
    guard content.utf8.contains(where: Self.isSpecial) else {
      text += content
      return
    }
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Appends `<name …>content</name>` with plain text inside.
  mutating func element(_ tag: String, _ content: some StringProtocol) {
    raw("<\(tag)>")
    escaped(content)
    raw("</\(tag.prefix { $0 != " " })>")
  }

  /// Appends an element with plain text inside, on a line of its own.
  mutating func block(_ tag: String, _ content: some StringProtocol) {
    element(tag, content)
    raw("\n")
  }

  /// `content` with everything escaped, for use inside a quoted attribute.
  static func attribute(_ content: some StringProtocol) -> String {
    var html = HTML()
    html.escaped(content)
    return html.text
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 || byte == 0x27
  }
}
