extension LitmusTest {
  /// The test in the dialect it is read from.
  package var description: String {
    var lines = ["C \(name)", "", "{"]
    for (name, value) in initial.sorted(by: { isNaturallyBefore($0.key, $1.key) }) {
      lines.append("  \(name)=\(value);")
    }
    for (register, value) in initialRegisters.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(register)=\(value);")
    }
    lines.append("}")
    for (number, thread) in threads.enumerated() {
      let parameters = thread.parameters.map { "\($0.type) *\($0.name)" }.joined(separator: ", ")
      lines += ["", "P\(number)(\(parameters))", "{"]
      lines += thread.body.flatMap { $0.lines.map { "  " + $0 } }
      lines.append("}")
    }
    lines.append("")
    if !locations.isEmpty {
      lines.append("locations [" + locations.map(\.description).joined(separator: "; ") + "]")
    }
    if let filter { lines.append("filter (\(filter))") }
    lines.append("\(quantifier.rawValue) (\(condition))")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension LitmusStatement {
  fileprivate var lines: [String] {
    switch action {
    case .assign(let register, let value): ["\(register) = \(value);"]
    case .store(.plain, let address, let value): ["*\(address.operand) = \(value);"]
    case .store(.once, let address, let value): ["WRITE_ONCE(*\(address.operand), \(value));"]
    case .store(.release, let address, let value): ["smp_store_release(\(address), \(value));"]
    case .storeThenBarrier(let address, let value):
      ["smp_store_mb(*\(address.operand), \(value));"]
    case .barrier(let barrier): ["\(barrier.rawValue)();"]
    case .lock(let lock): ["spin_lock(\(lock));"]
    case .unlock(let lock): ["spin_unlock(\(lock));"]
    case .enterReadSection: ["rcu_read_lock();"]
    case .leaveReadSection: ["rcu_read_unlock();"]
    case .waitForGracePeriod: ["synchronize_rcu();"]
    case .evaluate(let expression): ["\(expression);"]
    case .branch(let condition, let then, let otherwise):
      Self.branch(condition, then, otherwise)
    }
  }

  private static func branch(
    _ condition: LitmusExpression, _ then: [LitmusStatement], _ otherwise: [LitmusStatement]
  ) -> [String] {
    func indented(_ statements: [LitmusStatement]) -> [String] {
      statements.flatMap { statement in statement.lines.map { "  " + $0 } }
    }
    let taken: [String] = ["if (\(condition)) {"] + indented(then)
    guard !otherwise.isEmpty else { return taken + ["}"] }
    return taken + ["} else {"] + indented(otherwise) + ["}"]
  }
}

extension LitmusExpression: CustomStringConvertible {
  package var description: String {
    switch self {
    case .integer(let number): "\(number)"
    case .name(let name): name
    case .load(.plain, let address): "*\(address.operand)"
    case .load(.once, let address): "READ_ONCE(*\(address.operand))"
    case .load(.acquire, let address): "smp_load_acquire(\(address))"
    case .unary(let sign, let inner): "\(sign.rawValue)\(inner.operand)"
    case .binary(.andNot, let left, let right): "\(left.operand) & ~\(right.operand)"
    case .binary(let sign, let left, let right):
      "\(left.operand) \(sign.rawValue) \(right.operand)"
    case .conditional(let condition, let then, let otherwise):
      "\(condition.operand) ? \(then.operand) : \(otherwise.operand)"
    case .update(let update, let address, let ordering): update.call(address, ordering)
    case .tryLock(let lock): "spin_trylock(\(lock))"
    case .isLocked(let lock): "spin_is_locked(\(lock))"
    }
  }

  /// In parentheses where it is more than one word.
  fileprivate var operand: String {
    switch self {
    case .unary, .binary, .conditional: "(\(self))"
    case .integer(let number): number < 0 ? "(\(number))" : "\(number)"
    case .load(.plain, _): "(\(self))"
    default: description
    }
  }
}

extension LitmusUpdate {
  fileprivate func call(_ address: LitmusExpression, _ ordering: LitmusOrdering) -> String {
    let suffix = ordering.rawValue
    switch self {
    case .exchange(let value): return "xchg\(suffix)(\(address), \(value))"
    case .compareExchange(let expected, let new):
      return "cmpxchg\(suffix)(\(address), \(expected), \(new))"
    case .tryCompareExchange(let register, let new):
      return "atomic_try_cmpxchg\(suffix)(\(address), &\(register), \(new))"
    case .compute(let sign, let operand, let result):
      let stem = Self.names[sign] ?? sign.rawValue
      switch result {
      case .old: return "atomic_fetch_\(stem)\(suffix)(\(operand), \(address))"
      case .new: return "atomic_\(stem)_return\(suffix)(\(operand), \(address))"
      case .isZero: return "atomic_\(stem)_and_test\(suffix)(\(operand), \(address))"
      case .isNegative: return "atomic_\(stem)_negative\(suffix)(\(operand), \(address))"
      case .nothing, .success: return "atomic_\(stem)(\(operand), \(address))"
      }
    case .addIf(.unequal(let value), let amount, let result):
      let stem = result == .old ? "fetch_add_unless" : "add_unless"
      return "atomic_\(stem)\(suffix)(\(address), \(amount), \(value))"
    case .addIf(.notNegative, _, _): return "atomic_inc_unless_negative\(suffix)(\(address))"
    case .addIf(.notPositive, _, _): return "atomic_dec_unless_positive\(suffix)(\(address))"
    case .addIf(.positive, _, _): return "atomic_dec_if_positive\(suffix)(\(address))"
    }
  }

  private static let names: [LitmusBinaryOperator: String] = [
    .add: "add", .subtract: "sub", .and: "and", .or: "or", .exclusiveOr: "xor",
    .andNot: "andnot",
  ]
}

extension LitmusCondition: CustomStringConvertible {
  package var description: String {
    switch self {
    case .always: "true"
    case .never: "false"
    case .equal(let name, let value): "\(name)=\(value)"
    case .same(let one, .variable(let name)): "\(one)=*\(name)"
    case .same(let one, let other): "\(one)=\(other)"
    case .not(let inner): "~(\(inner))"
    case .and(let one, let other): "\(one.conjunct) /\\ \(other.conjunct)"
    case .or(let one, let other): "\(one) \\/ \(other)"
    }
  }

  private var conjunct: String {
    if case .or = self { return "(\(self))" }
    return description
  }
}
