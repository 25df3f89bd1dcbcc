extension PathBuilder {
  /// A read-modify-write: two events if it stores, a lone read without ordering if it does not.
  func update(
    _ update: LitmusUpdate, _ address: Tracked, _ ordering: LitmusOrdering, _ path: ThreadPath,
    _ site: Site
  ) throws(LitmusError) -> [Step] {
    switch update {
    case .exchange(let value):
      return try evaluate(value, path, site).mapThrowing { step throws(LitmusError) in
        let old = step.path.nextRead
        return (try step.path.updating(address, to: step.value, ordering, site), old)
      }
    case .compareExchange(let expected, let new):
      return try compareExchange(expected, new, address, ordering, path, site)
    case .tryCompareExchange(let register, let new):
      return try compareExchange(.name(register), new, address, ordering, path, site).map { step in
        var path = step.path
        let expected = path.registers[register] ?? .integer(0)
        let hasStored = path.events.last?.kind == .write
        path.registers[register] = step.value
        let isEqual = Tracked.binary(.equal, step.value, expected)
        return (
          path, Tracked(formula: .constant(.boolean(hasStored)), reads: isEqual.reads)
        )
      }
    case .compute(let sign, let operand, let result):
      return try evaluate(operand, path, site).mapThrowing { step throws(LitmusError) in
        let old = step.path.nextRead
        let new = Tracked.binary(sign, old, step.value)
        let path = try step.path.updating(
          address, to: new, ordering, site, returnsNothing: result == .nothing)
        return (path, result.value(old: old, new: new))
      }
    case .addIf(let condition, let amount, let result):
      return try addIf(condition, amount, result, address, ordering, path, site)
    }
  }

  private func compareExchange(
    _ expected: LitmusExpression, _ new: LitmusExpression, _ address: Tracked,
    _ ordering: LitmusOrdering, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    try evaluate(expected, path, site).flatMapThrowing { first throws(LitmusError) in
      try evaluate(new, first.path, site).flatMapThrowing { second throws(LitmusError) -> [Step] in
        let path = second.path
        let old = path.nextRead
        let isEqual = Tracked.binary(.equal, old, first.value)
        var steps: [Step] = []
        if let success = path.assuming(isEqual.formula, true) {
          steps.append((try success.updating(address, to: second.value, ordering, site), old))
        }
        if let failure = path.assuming(isEqual.formula, false) {
          steps.append((try failure.failingUpdate(address, site), old))
        }
        return steps
      }
    }
  }

  private func addIf(
    _ condition: LitmusGuard, _ amount: LitmusExpression, _ result: LitmusUpdateResult,
    _ address: Tracked, _ ordering: LitmusOrdering, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    try evaluate(amount, path, site).flatMapThrowing { step throws(LitmusError) -> [Step] in
      var unequal: [Step] = [(step.path, .integer(0))]
      if case .unequal(let value) = condition {
        unequal = try evaluate(value, step.path, site)
      }
      return try unequal.flatMapThrowing { inner throws(LitmusError) -> [Step] in
        let old = inner.path.nextRead
        let new = Tracked.binary(.add, old, step.value)
        let mayStore = Tracked.binary(condition.comparison, old, inner.value)
        var steps: [Step] = []
        if let success = inner.path.assuming(mayStore.formula, true) {
          var value = result.value(old: old, new: new)
          if result == .success { value.formula = .constant(.boolean(true)) }
          steps.append((try success.updating(address, to: new, ordering, site), value))
        }
        if let failure = inner.path.assuming(mayStore.formula, false) {
          var value = result.value(old: old, new: new)
          if result == .success { value.formula = .constant(.boolean(false)) }
          steps.append((try failure.failingUpdate(address, site), value))
        }
        return steps
      }
    }
  }
}

extension LitmusGuard {
  /// The comparison with zero, or with the guard's own value.
  fileprivate var comparison: LitmusBinaryOperator {
    switch self {
    case .unequal: .unequal
    case .notNegative: .greaterOrEqual
    case .notPositive: .lessOrEqual
    case .positive: .greater
    }
  }
}

extension LitmusUpdateResult {
  fileprivate func value(old: Tracked, new: Tracked) -> Tracked {
    switch self {
    case .nothing: .integer(0)
    case .old, .success: old
    case .new: new
    case .isZero: .binary(.equal, new, .integer(0))
    case .isNegative: .binary(.less, new, .integer(0))
    }
  }
}

extension ThreadPath {
  fileprivate func updating(
    _ address: Tracked, to value: Tracked, _ ordering: LitmusOrdering, _ site: Site,
    returnsNothing: Bool = false
  ) throws(LitmusError) -> ThreadPath {
    let (readMark, writeMark): (EventMark, EventMark) =
      switch ordering {
      case .relaxed: (.once, .once)
      case .acquire: (.acquire, .once)
      case .release: (.once, .release)
      case .full: (.full, .full)
      }
    let readHalf = events.count
    let read = PathEvent(
      kind: .read, mark: returnsNothing ? .noReturn : readMark, address: address,
      control: site.control, isUpdate: true, line: site.line)
    let write = PathEvent(
      kind: .write, mark: writeMark, address: address, value: value, control: site.control,
      isUpdate: true, readHalf: readHalf, line: site.line)
    return try adding(read).adding(write)
  }

  fileprivate func failingUpdate(_ address: Tracked, _ site: Site) throws(LitmusError) -> ThreadPath
  {
    try adding(
      PathEvent(
        kind: .read, address: address, control: site.control, isUpdate: true, line: site.line))
  }
}
