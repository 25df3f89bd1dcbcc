extension PathBuilder {
  /// Refuses a shared variable that the thread uses as a value but was not handed.
  ///
  /// Read as a register it would be 0, which is not what anybody means.
  func checkNames(_ body: [LitmusStatement]) throws(LitmusError) {
    var known = Set(start.registers.keys)
    for statement in body { statement.collectAssigned(&known) }
    for statement in body { try check(statement, known) }
  }

  private func check(_ statement: LitmusStatement, _ known: Set<String>) throws(LitmusError) {
    for name in statement.action.names where !known.contains(name) && variables[name] != nil {
      throw LitmusError(
        line: statement.line, "This thread uses `\(name)` but was not handed it.",
        repair: "Add `int *\(name)` to its parameters.")
    }
    if case .branch(_, let then, let otherwise) = statement.action {
      for inner in then + otherwise { try check(inner, known) }
    }
  }
}

extension LitmusAction {
  /// The names this evaluates, without those of inner statements.
  fileprivate var names: [String] {
    switch self {
    case .assign(_, let value), .evaluate(let value), .lock(let value), .unlock(let value):
      value.names
    case .store(_, let address, let value), .storeThenBarrier(let address, let value):
      address.names + value.names
    case .branch(let condition, _, _): condition.names
    case .barrier, .enterReadSection, .leaveReadSection, .waitForGracePeriod: []
    }
  }
}

extension LitmusExpression {
  fileprivate var names: [String] {
    switch self {
    case .integer: []
    case .name(let name): [name]
    case .load(_, let inner), .unary(_, let inner), .tryLock(let inner), .isLocked(let inner):
      inner.names
    case .binary(_, let left, let right): left.names + right.names
    case .conditional(let condition, let then, let otherwise):
      condition.names + then.names + otherwise.names
    case .update(let update, let address, _): address.names + update.operands.flatMap(\.names)
    }
  }
}
