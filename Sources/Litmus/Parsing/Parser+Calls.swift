extension Parser {
  /// A call that is a statement of its own; nil if it is an expression.
  mutating func parseActionCall() throws(LitmusError) -> LitmusAction? {
    let name = token.text
    switch name {
    case "WRITE_ONCE", "smp_store_mb", "rcu_assign_pointer", "RCU_INIT_POINTER":
      next()
      return try parseStoreCall(name)
    case "smp_store_release", "atomic_set", "atomic_set_release", "atomic_long_set",
      "atomic64_set", "atomic_long_set_release", "atomic64_set_release":
      next()
      try expect("(")
      let address = try parseExpression()
      try expect(",")
      let value = try parseExpression()
      try expect(")")
      return .store(name.hasSuffix("release") ? .release : .once, address: address, value)
    case "spin_lock", "spin_unlock", "raw_spin_lock", "raw_spin_unlock":
      next()
      try expect("(")
      let lock = try parseExpression()
      try expect(")")
      return name.hasSuffix("unlock") ? .unlock(lock) : .lock(lock)
    default: return try parseEmptyCall(name)
    }
  }

  private mutating func parseStoreCall(_ name: String) throws(LitmusError) -> LitmusAction {
    try expect("(")
    let address = try parsePlace(of: name)
    try expect(",")
    let value = try parseExpression()
    try expect(")")
    switch name {
    case "rcu_assign_pointer": return .store(.release, address: address, value)
    case "smp_store_mb": return .storeThenBarrier(address: address, value)
    default: return .store(.once, address: address, value)
    }
  }

  /// Calls without arguments.
  private mutating func parseEmptyCall(_ name: String) throws(LitmusError) -> LitmusAction? {
    let action: LitmusAction
    switch name {
    case "rcu_read_lock": action = .enterReadSection
    case "rcu_read_unlock": action = .leaveReadSection
    case "synchronize_rcu", "synchronize_rcu_expedited": action = .waitForGracePeriod
    // Address dependencies order loads without it since 4.15.
    case "smp_read_barrier_depends": action = .evaluate(.integer(0))
    default:
      guard let barrier = LitmusBarrier(rawValue: name) else { return nil }
      action = .barrier(barrier)
    }
    next()
    try expect("(")
    try expect(")")
    return action
  }

  /// A call with a value.
  mutating func parseCall() throws(LitmusError) -> LitmusExpression {
    let place = token
    let name = try expectName("a function")
    try expect("(")
    var expression = try parseLoadCall(name)
    if expression == nil { expression = try parseUpdateCall(name) }
    guard let expression else { throw unknown(name, at: place) }
    try expect(")")
    return expression
  }

  private mutating func parseLoadCall(_ name: String) throws(LitmusError) -> LitmusExpression? {
    switch name {
    case "READ_ONCE", "rcu_dereference", "rcu_access_pointer", "rcu_dereference_raw",
      "lockless_dereference":
      return .load(.once, try parsePlace(of: name))
    case "rcu_dereference_check", "rcu_dereference_protected":
      let address = try parsePlace(of: name)
      try expect(",")
      _ = try parseExpression()
      return .load(name.hasSuffix("check") ? .once : .plain, address)
    case "smp_load_acquire", "atomic_read_acquire", "atomic_long_read_acquire",
      "atomic64_read_acquire":
      return .load(.acquire, try parseExpression())
    case "atomic_read", "atomic_long_read", "atomic64_read":
      return .load(.once, try parseExpression())
    case "spin_trylock", "raw_spin_trylock": return .tryLock(try parseExpression())
    case "spin_is_locked", "raw_spin_is_locked": return .isLocked(try parseExpression())
    case "likely", "unlikely", "ACCESS_PRIVATE": return try parseExpression()
    default: return nil
    }
  }

  private func unknown(_ name: String, at place: Token) -> LitmusError {
    let repair: String
    if name.contains("srcu") {
      repair = "Sleepable RCU is outside this model: use rcu_read_lock and synchronize_rcu."
    } else if name == "call_rcu" {
      repair = "Give what is deferred a thread of its own that begins with synchronize_rcu."
    } else if name.hasPrefix("spin_") || name.contains("mutex") {
      repair = "Use spin_lock, spin_trylock, spin_unlock and spin_is_locked."
    } else {
      repair = "Documentation/Litmus.md lists the functions of the dialect."
    }
    return LitmusError(
      line: place.line, column: place.column, "`\(name)` is not supported.", repair: repair)
  }
}
