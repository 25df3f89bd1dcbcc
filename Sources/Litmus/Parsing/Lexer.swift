/// A word, number or sign of the dialect, and where it stands.
struct Token: Equatable {
  enum Kind: Equatable {
    case name, number, sign, end
  }
  let kind: Kind
  let text: String
  let line: Int
  let column: Int
}

/// Cuts a test into tokens.
///
/// `(*` begins a comment outside thread bodies only: inside, `f(*x)` is a call. The text between
/// the first line and the first brace says nothing about the test and is skipped.
struct Lexer {
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  private var depth = 0
  private var blocks = 0
  private var tokens: [Token] = []

  /// The name after `C`.
  private(set) var name = ""

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// All tokens, the last one of kind `end`.
  mutating func tokenize() throws(LitmusError) -> [Token] {
    try readHeader()
    while true {
      try skipBlanks()
      guard offset < bytes.count else { break }
      try readToken()
    }
    tokens.append(token(.end, "", at: offset))
    return tokens
  }

  private mutating func readHeader() throws(LitmusError) {
    try skipBlanks()
    let first = readLine()
    let words = first.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.first == "C", words.count > 1 else {
      let word = words.first ?? ""
      let isDialect = words.count > 1 && word.count < 12 && word.allSatisfy(\.isLetter)
      throw LitmusError(
        line: line,
        isDialect
          ? "The dialect `\(word)` is not read, only the kernel's C."
          : "The first line is not a litmus test's.",
        repair: "Begin with `C` and the test's name; translate other dialects by hand.")
    }
    name = String(words[1])
    while true {
      try skipBlanks()
      guard offset < bytes.count else { throw missing("{", "the initial values") }
      if bytes[offset] == UInt8(ascii: "{") { return }
      if bytes[offset] == UInt8(ascii: "\"") {
        try skip(to: "\"", from: offset + 1, "a text in quotes")
      } else {
        advance()
      }
    }
  }

  private mutating func readLine() -> String {
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
      .replacing("\r", with: "")
  }

  private mutating func advance() {
    if bytes[offset] == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset + 1
    }
    offset += 1
  }

  private func starts(_ text: String) -> Bool { bytes[offset...].starts(with: text.utf8) }

  private mutating func skip(
    to end: String, from start: Int, _ what: String
  ) throws(LitmusError) {
    let opening = token(.sign, "", at: offset)
    while offset < start { advance() }
    while offset < bytes.count {
      if starts(end) {
        for _ in end.utf8 { advance() }
        return
      }
      advance()
    }
    throw LitmusError(
      line: opening.line, column: opening.column, "This begins \(what) that never ends.",
      repair: "Close it with `\(end)`.")
  }

  private mutating func skipBlanks() throws(LitmusError) {
    let isInBody = depth > 0 && blocks > 1
    while offset < bytes.count {
      if [0x20, 0x09, 0x0A, 0x0D, 0x0C].contains(bytes[offset]) {
        advance()
      } else if starts("//") {
        _ = readLine()
      } else if starts("/*") {
        try skip(to: "*/", from: offset + 2, "a comment")
      } else if starts("(*"), !isInBody {
        try skipNested()
      } else {
        return
      }
    }
  }

  /// Skips a comment such as `(* … (* … *) … *)`.
  private mutating func skipNested() throws(LitmusError) {
    let opening = token(.sign, "", at: offset)
    var level = 0
    while offset < bytes.count {
      if starts("(*") {
        level += 1
        advance()
      } else if starts("*)") {
        level -= 1
        advance()
      }
      advance()
      if level == 0 { return }
    }
    throw LitmusError(
      line: opening.line, column: opening.column, "This begins a comment that never ends.",
      repair: "Close it with `*)`.")
  }

  private static let signs = [
    "/\\", "\\/", "&&", "||", "==", "!=", "<>", "<=", ">=", "<<", ">>", "->", "++", "--", "+=",
    "-=", "=>",
  ]

  private mutating func readToken() throws(LitmusError) {
    let start = offset
    let first = bytes[offset]
    if isLetter(first) || isDigit(first) {
      while offset < bytes.count, isLetter(bytes[offset]) || isDigit(bytes[offset]) { offset += 1 }
      let text = String(decoding: bytes[start..<offset], as: UTF8.self)
      return tokens.append(token(isDigit(first) ? .number : .name, text, at: start))
    }
    let text = Self.signs.first { starts($0) } ?? String(decoding: [first], as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 < 0x80 && $0 > 0x20 }) else {
      throw LitmusError(
        line: line, column: start - lineStart + 1, "This character has no meaning here.",
        repair: "Remove it.")
    }
    offset += text.utf8.count
    if text == "{" {
      if depth == 0 { blocks += 1 }
      depth += 1
    } else if text == "}" {
      depth -= 1
    }
    tokens.append(token(.sign, text, at: start))
  }

  private func token(_ kind: Token.Kind, _ text: String, at start: Int) -> Token {
    Token(kind: kind, text: text, line: line, column: start - lineStart + 1)
  }

  private func missing(_ sign: String, _ what: String) -> LitmusError {
    LitmusError(
      line: line, "The file ends before \(what).", repair: "Write them after `\(sign)`.")
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
