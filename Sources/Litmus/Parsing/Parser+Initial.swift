extension Parser {
  /// Reads the initial values, such as
  /// `{ int x = 1; int *p = &y; atomic_t v = ATOMIC_INIT(1); 0:r1 = x; spinlock_t s; }`.
  mutating func parseInitialBlock() throws(LitmusError) {
    try expect("{")
    while !take("}") {
      if take(";") { continue }
      guard token.kind != .end else {
        throw error("The initial values never end.", "Close them with `}`.")
      }
      try parseInitialItem()
    }
  }

  private mutating func parseInitialItem() throws(LitmusError) {
    skipInitialType()
    repeat {
      while take("*") {}
      let target = try parseInitialTarget()
      if token.text == "[" {
        throw error("Arrays are not supported.", "Use one variable for each element.")
      }
      let value = take("=") ? try parseInitialValue() : .integer(0)
      switch target {
      case .register(let register): test.initialRegisters[register] = value
      case .variable(let name): test.initial[name] = value
      }
    } while take(",")
    guard token.text == ";" || token.text == "}" else {
      throw error("`\(token.text)` does not belong to an initial value.", "End it with `;`.")
    }
  }

  /// Skips the words and stars before the name.
  private mutating func skipInitialType() {
    while token.kind == .name, peek().kind == .name || peek().text == "*" || isRegister(1) {
      next()
    }
  }

  private func isRegister(_ distance: Int) -> Bool {
    threadNumber(peek(distance).text) != nil && peek(distance + 1).text == ":"
  }

  private mutating func parseInitialTarget() throws(LitmusError) -> LitmusObservable {
    if isAtRegister { return try parseRegister() }
    if take("[") {
      let name = try expectName("a variable")
      try expect("]")
      return .variable(name)
    }
    return .variable(try expectName("a variable or a register such as 0:r1"))
  }

  private mutating func parseInitialValue() throws(LitmusError) -> LitmusValue {
    if token.text == "(" {
      next()
      while token.kind == .name || token.text == "*" {
        if peek().text == ")", token.kind == .name, !LitmusTypes.isType(token.text) { break }
        next()
      }
      if token.kind == .name || token.kind == .number {
        let value = try parseInitialValue()
        try expect(")")
        return value
      }
      try expect(")")
      return try parseInitialValue()
    }
    if let number = try takeInteger() { return .integer(number) }
    if token.text == "{" {
      throw error("Arrays and structures are not supported.", "Use one variable for each element.")
    }
    let hasAmpersand = take("&")
    let name = try expectName("a value")
    guard token.text == "(" else {
      let isUnlocked = name.contains("LOCK_UNLOCKED") && !hasAmpersand
      return isUnlocked ? .integer(0) : .address(name)
    }
    next()
    var value = LitmusValue.integer(0)
    if let number = try takeInteger() {
      value = .integer(number)
    } else if token.kind == .name {
      next()
    }
    try expect(")")
    guard name.hasSuffix("_INIT") || name.contains("LOCK_UNLOCKED") else {
      throw error("`\(name)` is not a known initialiser.", "Write ATOMIC_INIT(n), or a number.")
    }
    return value
  }

  /// Whether a register of a thread stands here, `0:r1` or `P0:r1`.
  var isAtRegister: Bool {
    peek().text == ":" && threadNumber(token.text) != nil
  }

  private func threadNumber(_ text: String) -> Int? {
    Int(text) ?? (text.hasPrefix("P") ? Int(text.dropFirst()) : nil)
  }

  /// Reads a register such as `0:r1`.
  mutating func parseRegister() throws(LitmusError) -> LitmusObservable {
    guard let thread = threadNumber(token.text) else {
      throw error("`\(token.text)` is not a thread's number.", "Write a register as 0:r1.")
    }
    next()
    try expect(":")
    return .register(LitmusRegister(thread, try expectName("a register")))
  }
}

/// The words that begin a declaration or a cast.
enum LitmusTypes {
  private static let words: Set<String> = [
    "int", "long", "short", "char", "unsigned", "signed", "bool", "_Bool", "void", "volatile",
    "const", "struct", "union", "enum", "register", "atomic_t", "atomic64_t", "atomic_long_t",
    "spinlock_t", "raw_spinlock_t", "intptr_t", "uintptr_t", "size_t", "ssize_t", "ptrdiff_t",
    "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "int8_t", "int16_t", "int32_t",
    "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "__u32", "__u64", "__s32", "__s64",
    "srcu_struct", "mtx_t", "__rcu",
  ]

  static func isType(_ word: String) -> Bool { words.contains(word) }
}
