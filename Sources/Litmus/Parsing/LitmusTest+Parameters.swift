extension LitmusTest {
  /// Hands every thread the shared variables it accesses by name though its parameters lack them.
  ///
  /// Generated collections write `P2()` and store to what only other threads were handed. As a
  /// register such a name would be 0, and nobody can access that: it must be the variable. A name
  /// that is a value only stays undecided, and is refused.
  mutating func handOverDereferenced() {
    let shared = Set(sharedVariables)
    let types = threads.flatMap(\.parameters).reduce(into: [:]) { $0[$1.name] = $1.type }
    for number in threads.indices {
      var known = Set(threads[number].parameters.map(\.name))
      for register in initialRegisters.keys where register.thread == number {
        known.insert(register.name)
      }
      for statement in threads[number].body { statement.collectAssigned(&known) }
      let places = threads[number].body.reduce(into: Set<String>()) { $1.collectPlaces(&$0) }
      for name in places.subtracting(known).intersection(shared).sorted() {
        threads[number].parameters.append(LitmusParameter(name, type: types[name] ?? "int"))
      }
    }
  }
}

extension LitmusStatement {
  /// The names the statement assigns to: they are registers.
  func collectAssigned(_ names: inout Set<String>) {
    switch action {
    case .assign(let register, _): names.insert(register)
    case .branch(_, let then, let otherwise):
      for statement in then + otherwise { statement.collectAssigned(&names) }
    default: break
    }
  }

  /// The names that stand where an address must.
  fileprivate func collectPlaces(_ names: inout Set<String>) {
    switch action {
    case .assign(_, let value), .evaluate(let value): value.collectPlaces(&names)
    case .store(_, let address, let value), .storeThenBarrier(let address, let value):
      address.collectAddress(&names)
      value.collectPlaces(&names)
    case .lock(let lock), .unlock(let lock): lock.collectAddress(&names)
    case .branch(let condition, let then, let otherwise):
      condition.collectPlaces(&names)
      for statement in then + otherwise { statement.collectPlaces(&names) }
    case .barrier, .enterReadSection, .leaveReadSection, .waitForGracePeriod: break
    }
  }
}

extension LitmusExpression {
  fileprivate func collectAddress(_ names: inout Set<String>) {
    if case .name(let name) = self { names.insert(name) }
    collectPlaces(&names)
  }

  fileprivate func collectPlaces(_ names: inout Set<String>) {
    switch self {
    case .integer, .name: break
    case .load(_, let address), .tryLock(let address), .isLocked(let address):
      address.collectAddress(&names)
    case .unary(_, let inner): inner.collectPlaces(&names)
    case .binary(_, let left, let right):
      left.collectPlaces(&names)
      right.collectPlaces(&names)
    case .conditional(let condition, let then, let otherwise):
      for part in [condition, then, otherwise] { part.collectPlaces(&names) }
    case .update(let update, let address, _):
      address.collectAddress(&names)
      for operand in update.operands { operand.collectPlaces(&names) }
    }
  }
}

extension LitmusUpdate {
  /// The values the update computes with.
  var operands: [LitmusExpression] {
    switch self {
    case .exchange(let value), .tryCompareExchange(_, let value), .compute(_, let value, _):
      [value]
    case .compareExchange(let expected, let new): [expected, new]
    case .addIf(.unequal(let value), let amount, _): [value, amount]
    case .addIf(_, let amount, _): [amount]
    }
  }
}
