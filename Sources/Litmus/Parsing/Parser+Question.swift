extension Parser {
  /// `locations [x; 0:r1] filter (…) exists (…)`, in this order or another.
  mutating func parseQuestion() throws(LitmusError) {
    var isAsked = false
    test.quantifier = .always
    while token.kind != .end {
      let word = token
      switch word.text {
      case "locations":
        next()
        try parseLocations()
      case "filter":
        next()
        test.filter = try parseCondition()
      case "exists", "forall", "~", "not":
        guard !isAsked else { throw error("A test asks one question.", "Remove this one.") }
        isAsked = true
        next()
        if word.text == "~" || word.text == "not" {
          try expect("exists")
          test.quantifier = .never
        } else {
          test.quantifier = word.text == "exists" ? .exists : .always
        }
        test.condition = try parseCondition()
      case ";":
        next()
      default:
        throw error(
          "Expected `exists`, `~exists`, `forall`, `locations` or `filter`, found `\(word.text)`.",
          "Write the question here, or remove what stands after it.")
      }
    }
  }

  private mutating func parseLocations() throws(LitmusError) {
    try expect("[")
    while !take("]") {
      if take(";") || take(",") { continue }
      let start = position
      if token.kind == .name, peek().kind == .name || peek().text == "*" {
        while token.kind == .name, LitmusTypes.isType(token.text) { next() }
      }
      test.locations.append(try parseObservable())
      if position == start { throw error("This is no name.", "List names, such as [x; 0:r1].") }
      while token.kind == .name || token.text == "*" { next() }
    }
  }

  /// Reads a name such as `0:r1`, `x`, `*x` or `[x]`.
  private mutating func parseObservable() throws(LitmusError) -> LitmusObservable {
    if isAtRegister { return try parseRegister() }
    if take("*") { return try parseObservable() }
    if take("[") {
      let name = try expectName("a variable")
      try expect("]")
      return .variable(name)
    }
    let name = try expectName("a variable or a register such as 0:r1")
    if token.text == "[" || token.text == "->" || token.text == "." {
      throw error("Arrays and structures are not supported.", "Use one variable for each element.")
    }
    return .variable(name)
  }

  mutating func parseCondition() throws(LitmusError) -> LitmusCondition {
    var condition = try parseConjunction()
    while take("\\/") || take("||") { condition = .or(condition, try parseConjunction()) }
    return condition
  }

  private mutating func parseConjunction() throws(LitmusError) -> LitmusCondition {
    var condition = try parseImplication()
    while take("/\\") || take("&&") { condition = .and(condition, try parseImplication()) }
    return condition
  }

  /// It binds more tightly than `/\` and `\/`, and `a => b => c` is `a => (b => c)`.
  private mutating func parseImplication() throws(LitmusError) -> LitmusCondition {
    let condition = try parseClause()
    return take("=>") ? .or(.not(condition), try parseImplication()) : condition
  }

  private mutating func parseClause() throws(LitmusError) -> LitmusCondition {
    if take("~") || take("!") || take("not") { return .not(try parseClause()) }
    if take("true") { return .always }
    if take("false") { return .never }
    if take("(") {
      let condition = try parseCondition()
      try expect(")")
      return condition
    }
    let name = try parseObservable()
    let isNegated = take("!=") || take("<>")
    if !isNegated, !take("==") { try expect("=") }
    let atom = try parseComparison(of: name)
    return isNegated ? .not(atom) : atom
  }

  private mutating func parseComparison(
    of name: LitmusObservable
  ) throws(LitmusError) -> LitmusCondition {
    if isAtRegister {
      return .same(name, try parseRegister())
    }
    if take("(") {
      let atom = try parseComparison(of: name)
      try expect(")")
      return atom
    }
    if let number = try takeInteger() { return .equal(name, .integer(number)) }
    if take("*") { return .same(name, .variable(try expectName("a variable"))) }
    _ = take("&")
    return .equal(name, .address(try expectName("a value")))
  }
}
