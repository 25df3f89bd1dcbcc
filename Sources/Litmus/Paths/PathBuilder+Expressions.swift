/// A path, and what an expression came to on it.
typealias Step = (path: ThreadPath, value: Tracked)

extension PathBuilder {
  /// Evaluates an expression, which may branch where it updates or tries a lock.
  func evaluate(
    _ expression: LitmusExpression, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    switch expression {
    case .integer(let number): return [(path, .integer(number))]
    case .name(let name): return [(path, path.registers[name] ?? .integer(0))]
    case .load(let kind, let address):
      return try evaluate(address, path, site).mapThrowing { step throws(LitmusError) in
        try load(kind, step.value, step.path, site)
      }
    case .unary(let sign, let inner):
      return try evaluate(inner, path, site).map { ($0.path, .unary(sign, $0.value)) }
    case .binary(let sign, let left, let right):
      return try evaluate(left, path, site).flatMapThrowing { one throws(LitmusError) in
        try evaluate(right, one.path, site).map { ($0.path, .binary(sign, one.value, $0.value)) }
      }
    case .conditional(let condition, let then, let otherwise):
      return try choose(condition, then, otherwise, path, site)
    case .update(let update, let address, let ordering):
      return try evaluate(address, path, site).flatMapThrowing { step throws(LitmusError) in
        try self.update(update, step.value, ordering, step.path, site)
      }
    case .tryLock(let lock): return try tryLock(lock, path, site)
    case .isLocked(let lock): return try isLocked(lock, path, site)
    }
  }

  private func load(
    _ kind: LitmusLoad, _ address: Tracked, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> Step {
    let mark: EventMark =
      switch kind {
      case .plain: .plain
      case .once: .once
      case .acquire: .acquire
      }
    let event = PathEvent(
      kind: .read, mark: mark, address: address, control: site.control, line: site.line)
    return (try path.adding(event), path.nextRead)
  }

  /// A conditional expression depends on its condition as a sum depends on its terms.
  private func choose(
    _ condition: LitmusExpression, _ then: LitmusExpression, _ otherwise: LitmusExpression,
    _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    var steps: [Step] = []
    for (path, decision) in try evaluate(condition, path, site) {
      var inner = site
      inner.control |= decision.reads
      for (isTrue, branch) in [(true, then), (false, otherwise)] {
        guard let taken = path.assuming(decision.formula, isTrue) else { continue }
        steps += try evaluate(branch, taken, inner).map {
          ($0.path, Tracked(formula: $0.value.formula, reads: $0.value.reads | decision.reads))
        }
      }
    }
    return steps
  }
}

extension ThreadPath {
  /// What a read that is added now returns.
  var nextRead: Tracked {
    Tracked(formula: .read(events.count), reads: 1 << UInt64(events.count))
  }
}
