extension Parser {
  mutating func parseExpression() throws(LitmusError) -> LitmusExpression {
    let condition = try parseBinary(level: 0)
    guard take("?") else { return condition }
    let then = try parseExpression()
    try expect(":")
    return .conditional(condition, then, try parseExpression())
  }

  private static let levels: [[String: LitmusBinaryOperator]] = [
    ["||": .either], ["&&": .both], ["|": .or], ["^": .exclusiveOr], ["&": .and],
    ["==": .equal, "!=": .unequal],
    ["<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual],
    ["<<": .shiftLeft, ">>": .shiftRight], ["+": .add, "-": .subtract],
    ["*": .multiply, "/": .divide, "%": .remainder],
  ]

  private mutating func parseBinary(level: Int) throws(LitmusError) -> LitmusExpression {
    guard level < Self.levels.count else { return try parseUnary() }
    var expression = try parseBinary(level: level + 1)
    while token.kind == .sign, let sign = Self.levels[level][token.text] {
      next()
      expression = .binary(sign, expression, try parseBinary(level: level + 1))
    }
    return expression
  }

  mutating func parseUnary() throws(LitmusError) -> LitmusExpression {
    if token.kind == .sign {
      if take("!") { return .unary(.not, try parseUnary()) }
      if take("~") { return .unary(.complement, try parseUnary()) }
      if take("+") { return try parseUnary() }
      if take("*") { return .load(.plain, try parseUnary()) }
      if token.text == "-", peek().kind != .number {
        next()
        return .unary(.negate, try parseUnary())
      }
      if token.text == "&" { return try parseAddressOf() }
      if token.text == "(", isCast { return try parseCast() }
    }
    return try parsePrimary()
  }

  private mutating func parseAddressOf() throws(LitmusError) -> LitmusExpression {
    next()
    let place = token
    let inner = try parseUnary()
    if case .load(.plain, let address) = inner { return address }
    throw LitmusError(
      line: place.line, column: place.column, "The address of `\(place.text)` is not a shared one.",
      repair: "A parameter is an address already: leave out the `&`.")
  }

  private var isCast: Bool {
    guard peek().kind == .name else { return false }
    if LitmusTypes.isType(peek().text) { return true }
    var distance = 2
    while peek(distance).text == "*" { distance += 1 }
    return distance > 2 && peek(distance).text == ")"
  }

  private mutating func parseCast() throws(LitmusError) -> LitmusExpression {
    try expect("(")
    while token.kind == .name || token.text == "*" { next() }
    try expect(")")
    return try parseUnary()
  }

  private mutating func parsePrimary() throws(LitmusError) -> LitmusExpression {
    if let number = try takeInteger() { return .integer(number) }
    if take("(") {
      let expression = try parseExpression()
      try expect(")")
      return expression
    }
    guard token.kind == .name else {
      throw error("Expected a value, found `\(token.text)`.", "Write a value here.")
    }
    if peek().text == "(" { return try parseCall() }
    let name = try expectName("a value")
    switch token.text {
    case "[":
      throw error("Arrays are not supported.", "Use one variable for each element.")
    case "->", ".":
      throw error("Structures are not supported.", "Use one variable for each member.")
    case "++", "--":
      throw error(
        "`\(token.text)` inside an expression is not supported.", "Write it as a statement.")
    default: break
    }
    switch name {
    case "NULL", "false": return .integer(0)
    case "true": return .integer(1)
    default: return .name(name)
    }
  }

  /// `*p`, as `READ_ONCE` and its kin take it; the result is the address.
  mutating func parsePlace(of function: String) throws(LitmusError) -> LitmusExpression {
    let place = token
    if case .load(.plain, let address) = try parseExpression() { return address }
    throw LitmusError(
      line: place.line, column: place.column, "\(function) takes a variable, not its address.",
      repair: "Write `*\(place.text)`.")
  }
}
