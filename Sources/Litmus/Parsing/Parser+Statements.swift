extension Parser {
  /// Reads `{ … }`.
  mutating func parseBlock() throws(LitmusError) -> [LitmusStatement] {
    try expect("{")
    var statements: [LitmusStatement] = []
    while !take("}") {
      guard token.kind != .end else { throw error("A block never ends.", "Close it with `}`.") }
      statements += try parseStatement()
    }
    return statements
  }

  private mutating func parseStatement() throws(LitmusError) -> [LitmusStatement] {
    if take(";") { return [] }
    if token.text == "{" { return try parseBlock() }
    let line = token.line
    switch token.text {
    case "if":
      next()
      return [LitmusStatement(try parseBranch(), line: line)]
    case "while", "for", "do", "goto", "switch", "return", "break", "continue", "asm":
      throw error(
        "`\(token.text)` is not supported.",
        "Write loops out, turn by turn; leave a thread by nesting `if`.")
    default: break
    }
    if token.kind == .name, peek().text == ":" {
      throw error("Labels are not supported.", "Nest `if` in place of jumps.")
    }
    if isDeclaration { return try parseDeclaration() }
    let action = try parseSimpleAction()
    try expect(";")
    return action.map { [LitmusStatement($0, line: line)] } ?? []
  }

  private mutating func parseBranch() throws(LitmusError) -> LitmusAction {
    try expect("(")
    let condition = try parseExpression()
    try expect(")")
    let then = try parseStatement()
    let otherwise = take("else") ? try parseStatement() : []
    return .branch(condition, then: then, otherwise: otherwise)
  }

  private var isDeclaration: Bool {
    guard token.kind == .name else { return false }
    if LitmusTypes.isType(token.text) || peek().kind == .name { return true }
    guard peek().text == "*" else { return false }
    var distance = 1
    while peek(distance).text == "*" { distance += 1 }
    return peek(distance).kind == .name && ["=", ";", ","].contains(peek(distance + 1).text)
  }

  private mutating func parseDeclaration() throws(LitmusError) -> [LitmusStatement] {
    while token.kind == .name, peek().kind == .name || peek().text == "*" { next() }
    var statements: [LitmusStatement] = []
    repeat {
      while take("*") || take("const") || take("volatile") {}
      let line = token.line
      let name = try expectName("the declared variable's name")
      if token.text == "[" {
        throw error("Arrays are not supported.", "Use one variable for each element.")
      }
      guard take("=") else { continue }
      let value = try parseExpression()
      statements.append(LitmusStatement(.assign(name, value), line: line))
    } while take(",")
    try expect(";")
    return statements
  }

  /// An assignment, a store or a call.
  private mutating func parseSimpleAction() throws(LitmusError) -> LitmusAction? {
    if token.kind == .name, peek().text == "(", let action = try parseActionCall() {
      return action
    }
    if token.kind == .name, ["=", "+=", "-=", "++", "--"].contains(peek().text) {
      return try parseAssignment()
    }
    if token.text == "*" {
      next()
      let address = try parseUnary()
      if token.text == "=" {
        next()
        return .store(.plain, address: address, try parseExpression())
      }
      throw error(
        "A statement beginning with `*` stores.", "Write `*x = value;`, or `r = *x;` to load.")
    }
    return .evaluate(try parseExpression())
  }

  private mutating func parseAssignment() throws(LitmusError) -> LitmusAction {
    let name = try expectName("a register")
    let sign = token.text
    next()
    switch sign {
    case "=": return .assign(name, try parseExpression())
    case "+=": return .assign(name, .binary(.add, .name(name), try parseExpression()))
    case "-=": return .assign(name, .binary(.subtract, .name(name), try parseExpression()))
    case "++": return .assign(name, .binary(.add, .name(name), .integer(1)))
    default: return .assign(name, .binary(.subtract, .name(name), .integer(1)))
    }
  }
}
