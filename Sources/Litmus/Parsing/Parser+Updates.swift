extension Parser {
  /// `xchg`, `cmpxchg` and the `atomic_` families; the closing parenthesis stays.
  mutating func parseUpdateCall(_ name: String) throws(LitmusError) -> LitmusExpression? {
    var stem = name[...]
    var ordering = LitmusOrdering.full
    for candidate in [LitmusOrdering.relaxed, .acquire, .release]
    where stem.hasSuffix(candidate.rawValue) {
      stem = stem.dropLast(candidate.rawValue.count)
      ordering = candidate
    }
    for prefix in ["atomic_long_", "atomic64_", "atomic_"] where stem.hasPrefix(prefix) {
      stem = stem.dropFirst(prefix.count)
      return try parseAtomic(String(stem), ordering)
    }
    guard stem == "xchg" || stem == "cmpxchg" || stem == "try_cmpxchg" else { return nil }
    return try parseAtomic(String(stem), ordering)
  }

  private mutating func parseAtomic(
    _ stem: String, _ ordering: LitmusOrdering
  ) throws(LitmusError) -> LitmusExpression? {
    if let exchange = try parseExchange(stem, ordering) { return exchange }
    if let conditional = try parseConditional(stem, ordering) { return conditional }
    guard let shape = ComputeShape(stem) else { return nil }
    // Nothing is returned: the read half orders nothing, whatever the name's suffix.
    var amount = LitmusExpression.integer(1)
    if shape.hasOperand {
      amount = try parseExpression()
      try expect(",")
    }
    let address = try parseExpression()
    return .update(
      .compute(shape.sign, amount, returns: shape.result), address: address,
      shape.result == .nothing ? .relaxed : ordering)
  }

  private mutating func parseExchange(
    _ stem: String, _ ordering: LitmusOrdering
  ) throws(LitmusError) -> LitmusExpression? {
    guard ["xchg", "cmpxchg", "try_cmpxchg"].contains(stem) else { return nil }
    let address = try parseExpression()
    try expect(",")
    if stem == "xchg" {
      return .update(.exchange(try parseExpression()), address: address, ordering)
    }
    if stem == "cmpxchg" {
      let expected = try parseExpression()
      try expect(",")
      let new = try parseExpression()
      return .update(.compareExchange(expected: expected, new: new), address: address, ordering)
    }
    try expect("&")
    let register = try expectName("the register that holds the expected value")
    try expect(",")
    let new = try parseExpression()
    return .update(.tryCompareExchange(register: register, new: new), address: address, ordering)
  }

  private mutating func parseConditional(
    _ stem: String, _ ordering: LitmusOrdering
  ) throws(LitmusError) -> LitmusExpression? {
    switch stem {
    case "add_unless", "fetch_add_unless":
      let address = try parseExpression()
      try expect(",")
      let amount = try parseExpression()
      try expect(",")
      let guardValue = try parseExpression()
      return .update(
        .addIf(
          .unequal(guardValue), amount, returns: stem == "add_unless" ? .success : .old),
        address: address, ordering)
    case "inc_not_zero":
      return try parseGuarded(.unequal(.integer(0)), 1, .success, ordering)
    case "inc_unless_negative": return try parseGuarded(.notNegative, 1, .success, ordering)
    case "dec_unless_positive": return try parseGuarded(.notPositive, -1, .success, ordering)
    case "dec_if_positive": return try parseGuarded(.positive, -1, .new, ordering)
    default: return nil
    }
  }

  private mutating func parseGuarded(
    _ condition: LitmusGuard, _ amount: Int, _ result: LitmusUpdateResult,
    _ ordering: LitmusOrdering
  ) throws(LitmusError) -> LitmusExpression {
    let address = try parseExpression()
    return .update(
      .addIf(condition, .integer(amount), returns: result), address: address, ordering)
  }
}

/// What a name such as `fetch_add` or `dec_and_test` means.
private struct ComputeShape {
  var sign = LitmusBinaryOperator.add
  var hasOperand = true
  var result = LitmusUpdateResult.nothing

  init?(_ stem: String) {
    var rest = stem[...]
    if rest.hasPrefix("fetch_") {
      rest = rest.dropFirst(6)
      result = .old
    }
    let endings: [(String, LitmusUpdateResult)] = [
      ("_return", .new), ("_and_test", .isZero), ("_negative", .isNegative),
    ]
    for (ending, meaning) in endings where rest.hasSuffix(ending) && result == .nothing {
      rest = rest.dropLast(ending.count)
      result = meaning
    }
    switch rest {
    case "add": sign = .add
    case "sub": sign = .subtract
    case "and": sign = .and
    case "or": sign = .or
    case "xor": sign = .exclusiveOr
    case "andnot": sign = .andNot
    case "inc": hasOperand = false
    case "dec":
      sign = .subtract
      hasOperand = false
    default: return nil
    }
  }
}
