/// Reads a test in the kernel's C dialect.
struct Parser {
  var tokens: [Token]
  var position = 0
  var test: LitmusTest

  init(_ text: String) throws(LitmusError) {
    var lexer = Lexer(text)
    tokens = try lexer.tokenize()
    test = LitmusTest(lexer.name, threads: [])
  }

  mutating func parse() throws(LitmusError) -> LitmusTest {
    try parseInitialBlock()
    while token.kind == .name, isThreadName(token.text) { try parseThread() }
    guard !test.threads.isEmpty else {
      throw error("A test needs at least one thread.", "Write `P0(int *x) { … }` here.")
    }
    try parseQuestion()
    guard token.kind == .end else {
      throw error(
        "`\(token.text)` stands after the end of the test.",
        "Remove it, or make it a comment.")
    }
    test.handOverDereferenced()
    return test
  }

  private func isThreadName(_ text: String) -> Bool {
    text.first == "P" && text.count > 1 && text.dropFirst().allSatisfy(\.isNumber)
  }

  private mutating func parseThread() throws(LitmusError) {
    guard token.text == "P\(test.threads.count)" else {
      throw error(
        "Threads are numbered in order; \(token.text) comes too early or twice.",
        "Call this one P\(test.threads.count).")
    }
    next()
    let list = try parseParameters()
    let body = try parseBlock()
    test.threads.append(LitmusThread(list, body))
  }

  private mutating func parseParameters() throws(LitmusError) -> [LitmusParameter] {
    try expect("(")
    var list: [LitmusParameter] = []
    if take(")") { return list }
    repeat {
      let start = position
      while token.kind == .name || token.text == "*" { next() }
      let words = tokens[start..<position]
      if words.count == 1, words.first?.text == "void" { continue }
      guard let name = words.last, name.kind == .name, words.count > 1 else {
        throw error("A parameter needs a type and a name.", "Write `int *x`.")
      }
      guard token.text != "[" else {
        throw error("Arrays are not supported.", "Use one variable for each element.")
      }
      guard words.contains(where: { $0.text == "*" }) else {
        throw LitmusError(
          line: name.line, column: name.column, "`\(name.text)` is not handed over as a pointer.",
          repair: "Write `*\(name.text)`: threads share variables, not copies.")
      }
      let type = words.dropLast().filter { $0.text != "*" }.map(\.text).joined(separator: " ")
      let stars = words.count { $0.text == "*" }
      list.append(
        LitmusParameter(
          name.text, type: type + (stars > 1 ? " " : "") + String(repeating: "*", count: stars - 1))
      )
    } while take(",")
    try expect(")")
    return list
  }

  // MARK: - Tokens

  var token: Token { tokens[position] }

  func peek(_ distance: Int = 1) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  mutating func next() { if position < tokens.count - 1 { position += 1 } }

  mutating func take(_ text: String) -> Bool {
    guard token.text == text, token.kind != .end else { return false }
    next()
    return true
  }

  mutating func expect(_ text: String) throws(LitmusError) {
    guard take(text) else {
      let found = token.kind == .end ? "the end of the file" : "`\(token.text)`"
      throw error("Expected `\(text)`, found \(found).", "Write `\(text)` here.")
    }
  }

  mutating func expectName(_ what: String) throws(LitmusError) -> String {
    guard token.kind == .name else {
      throw error("Expected \(what), found `\(token.text)`.", "Write a name here.")
    }
    defer { next() }
    return token.text
  }

  /// A number with an optional sign.
  mutating func takeInteger() throws(LitmusError) -> Int? {
    let isNegative = token.text == "-" && peek().kind == .number
    guard isNegative || token.kind == .number else { return nil }
    if isNegative { next() }
    let text = token.text.lowercased()
    var digits = text[...]
    let radix = digits.hasPrefix("0x") ? 16 : 10
    if radix == 16 { digits = digits.dropFirst(2) }
    while let last = digits.last, last == "u" || last == "l" { digits = digits.dropLast() }
    guard let magnitude = Int(digits, radix: radix) else {
      throw error("`\(token.text)` is not a number.", "Write it in decimal or as 0x….")
    }
    next()
    return isNegative ? -magnitude : magnitude
  }

  func error(_ message: String, _ repair: String) -> LitmusError {
    LitmusError(line: token.line, column: token.column, message, repair: repair)
  }
}

extension LitmusTest {
  /// Reads a test in the kernel's C dialect.
  ///
  /// - Throws: ``LitmusError``, with the line of what is not supported.
  package init(parsing text: String) throws(LitmusError) {
    var parser = try Parser(text)
    self = try parser.parse()
  }
}
