/// Writes well-formed SVG, one element a line.
struct SVGWriter {
  /// Attributes in the order in which they are written.
  typealias Attributes = KeyValuePairs<String, String>

  private var lines: [String] = []
  private var openElements: [String] = []

  /// Starts an element that holds others.
  mutating func open(_ name: String, _ attributes: Attributes = [:]) {
    add("<\(name)\(Self.text(attributes))>")
    openElements.append(name)
  }

  /// Ends the element opened last.
  mutating func close() {
    guard let name = openElements.popLast() else {
      preconditionFailure("an element is closed that was never opened")
    }
    add("</\(name)>")
  }

  /// Writes a whole element; `title` is what a pointer or a screen reader gets.
  mutating func element(
    _ name: String, _ attributes: Attributes = [:], content: String = "", title: String = ""
  ) {
    let head = "<\(name)\(Self.text(attributes))"
    let inner = (title.isEmpty ? "" : "<title>\(Self.escape(title))</title>") + Self.escape(content)
    add(inner.isEmpty ? head + "/>" : "\(head)>\(inner)</\(name)>")
  }

  /// Writes a style sheet; it is ours, so it is written as it stands.
  mutating func style(_ sheet: String) {
    precondition(!sheet.contains("<") && !sheet.contains("&"), "a style sheet would need escaping")
    add("<style>\(sheet)</style>")
  }

  /// The whole document.
  func string() -> String {
    precondition(openElements.isEmpty, "an element is still open")
    return lines.map { $0 + "\n" }.joined()
  }

  private mutating func add(_ line: String) {
    lines.append(String(repeating: "  ", count: openElements.count) + line)
  }

  private static func text(_ attributes: Attributes) -> String {
    attributes.map { " \($0.key)=\"\(escape($0.value))\"" }.joined()
  }

  /// Makes text safe inside an element or an attribute.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped += " "
      default:
        // XML has no way to write the other control characters, nor the two noncharacters.
        let isWritable = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        escaped.unicodeScalars.append(isWritable ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }

  /// A length or position with one decimal, written without a locale.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let rest = tenths.magnitude % 10
    return sign + "\(tenths.magnitude / 10)" + (rest == 0 ? "" : ".\(rest)")
  }
}
