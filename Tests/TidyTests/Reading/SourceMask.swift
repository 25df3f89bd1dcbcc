/// A Swift text split into its code and its comments, byte for byte in the original places.
///
/// Both halves have the length of the text and keep its line breaks; whatever belongs to the other
/// half, to a string literal or to a raw identifier is blank. A rule that looks for a call can so
/// never be fooled by a sentence or a fixture, and still reads file positions.
struct SourceMask: Sendable {
  private(set) var code: [UInt8]
  private(set) var comments: [UInt8]

  private enum Mode {
    /// Code; `parentheses` counts those open since an interpolation began, `nil` outside one.
    case code(parentheses: Int?)
    case lineComment
    case blockComment(depth: Int)
    case string(hashes: Int, multiline: Bool)
    case rawIdentifier
  }

  private static let quote = "\""
  private static let threeQuotes = "\"\"\""

  private let text: [UInt8]
  private var position = 0
  private var modes: [Mode] = [.code(parentheses: nil)]

  init(_ text: [UInt8]) {
    self.text = text
    let blank = text.map { $0 == .newline ? UInt8.newline : .space }
    code = blank
    comments = blank
    while position < text.count {
      switch modes[modes.count - 1] {
      case .code(let parentheses): readCode(parentheses: parentheses)
      case .lineComment: readLineComment()
      case .blockComment(let depth): readBlockComment(depth: depth)
      case .string(let hashes, let multiline): readString(hashes: hashes, multiline: multiline)
      case .rawIdentifier: readRawIdentifier()
      }
    }
  }

  private mutating func readCode(parentheses: Int?) {
    let byte = text[position]
    if follows("//") { return enter(.lineComment) }
    if follows("/*") { return enter(.blockComment(depth: 1), consuming: 2) }
    if byte == UInt8(ascii: "`") { return enter(.rawIdentifier, consuming: 1) }
    if let (hashes, multiline) = stringOpening() {
      let length = hashes + (multiline ? 3 : 1)
      return enter(.string(hashes: hashes, multiline: multiline), consuming: length)
    }
    if let parentheses, byte == UInt8(ascii: "(") {
      become(.code(parentheses: parentheses + 1))
    } else if let parentheses, byte == UInt8(ascii: ")") {
      // The bracket that ends an interpolation is no code, as the one that began it was none.
      if parentheses == 0 { return leave(consuming: 1) }
      become(.code(parentheses: parentheses - 1))
    }
    code[position] = byte
    position += 1
  }

  private mutating func readLineComment() {
    if text[position] == .newline {
      modes.removeLast()
    } else {
      comments[position] = text[position]
    }
    position += 1
  }

  private mutating func readBlockComment(depth: Int) {
    if follows("/*") {
      position += 2
      return become(.blockComment(depth: depth + 1))
    }
    if follows("*/") {
      position += 2
      if depth == 1 { modes.removeLast() } else { become(.blockComment(depth: depth - 1)) }
      return
    }
    comments[position] = text[position]
    position += 1
  }

  private mutating func readString(hashes: Int, multiline: Bool) {
    let marks = String(repeating: "#", count: hashes)
    if follows((multiline ? Self.threeQuotes : Self.quote) + marks) {
      position += (multiline ? 3 : 1) + hashes
      modes.removeLast()
    } else if follows(#"\"# + marks + "(") {
      enter(.code(parentheses: 0), consuming: hashes + 2)
    } else if follows(#"\"# + marks) {
      position += hashes + 2
    } else {
      // A quote inside a regular expression opens no string: give up at the end of its line.
      if !multiline, text[position] == .newline { modes.removeLast() }
      position += 1
    }
  }

  private mutating func readRawIdentifier() {
    if text[position] == UInt8(ascii: "`") || text[position] == .newline { modes.removeLast() }
    position += 1
  }

  private func stringOpening() -> (hashes: Int, multiline: Bool)? {
    var hashes = 0
    while position + hashes < text.count, text[position + hashes] == UInt8(ascii: "#") {
      hashes += 1
    }
    let quote = position + hashes
    guard quote < text.count, text[quote] == UInt8(ascii: "\"") else { return nil }
    return (hashes, follows(Self.threeQuotes, at: quote))
  }

  private func follows(_ expected: String, at start: Int? = nil) -> Bool {
    text[(start ?? position)...].starts(with: expected.utf8)
  }

  private mutating func enter(_ mode: Mode, consuming count: Int = 0) {
    modes.append(mode)
    position += count
  }

  private mutating func leave(consuming count: Int) {
    modes.removeLast()
    position += count
  }

  private mutating func become(_ mode: Mode) { modes[modes.count - 1] = mode }
}

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")

  /// Whether the byte can be part of an identifier; every byte beyond ASCII counts.
  var isIdentifier: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  var lowercased: UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self
  }

  var isSpace: Bool { self == .space || self == .newline || self == UInt8(ascii: "\t") }
}
