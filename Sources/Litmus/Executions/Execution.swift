/// A candidate execution: who reads from whom, and in which order each variable was written.
struct Execution {
  let program: Program
  /// The write each read reads from.
  let source: [Int?]
  /// What each read of a variable returned.
  let value: [Value?]
  /// The variable of each access.
  let place: [Int?]
  /// The writes of each variable in coherence order.
  let order: [[Int]]

  var rf: Relation { Self.rf(source, count: program.count) }

  var co: Relation { Self.co(order, count: program.count) }

  static func rf(_ source: [Int?], count: Int) -> Relation {
    var rf = Relation(count: count)
    for (read, write) in source.enumerated() {
      if let write { rf.insert(write, read) }
    }
    return rf
  }

  static func co(_ order: [[Int]], count: Int) -> Relation {
    var co = Relation(count: count)
    for writes in order {
      for (index, write) in writes.enumerated() {
        for later in writes.dropFirst(index + 1) { co.insert(write, later) }
      }
    }
    return co
  }

  /// What a write stores, or a read returned.
  func value(of event: Int) -> Value {
    let found = program.events[event]
    if found.kind == .read { return value[event] ?? Value(number: 0) }
    guard case .value(let stored) = found.value.formula.evaluate({ value[$0] }) else {
      preconditionFailure("the value of a write is not known in a complete execution")
    }
    return stored
  }

  /// What a name is at the end.
  func final(_ name: LitmusObservable, _ numbers: [String: Int]) -> LitmusValue {
    switch name {
    case .variable(let variable):
      guard let number = numbers[variable], let last = order[number].last else {
        return .integer(0)
      }
      return named(value(of: last))
    case .register(let register):
      guard program.paths.indices.contains(register.thread) else { return .integer(0) }
      let path = program.paths[register.thread]
      let offset = program.ranges[register.thread].lowerBound
      guard let formula = path.registers[register.name]?.formula.renumbered(offset) else {
        return .integer(0)
      }
      guard case .value(let value) = formula.evaluate({ value[$0] }) else { return .fromNowhere }
      return named(value)
    }
  }

  func named(_ value: Value) -> LitmusValue {
    if value.isFromNowhere { return .fromNowhere }
    guard value.place >= 0 else { return .integer(value.number) }
    let name = program.variables[value.place]
    return .address(value.number == 0 ? name : "\(name)+\(value.number)")
  }
}
