/// Finds every way through a thread, whatever its reads may return.
///
/// Both sides of a branch are followed unless what is known decides it; whether the values fit is
/// settled later, when every read has been given a write to read from.
struct PathBuilder {
  let variables: [String: Int]
  private let thread: LitmusThread
  let start: ThreadPath

  init(_ number: Int, of test: LitmusTest, variables: [String: Int]) {
    self.variables = variables
    thread = test.threads[number]
    var start = ThreadPath()
    for (register, value) in test.initialRegisters where register.thread == number {
      start.registers[register.name] = Tracked(formula: .constant(value.numbered(variables)))
    }
    for parameter in thread.parameters where start.registers[parameter.name] == nil {
      let place = variables[parameter.name] ?? -1
      start.registers[parameter.name] = Tracked(
        formula: .constant(Value(number: 0, place: place)))
    }
    self.start = start
  }

  func paths() throws(LitmusError) -> [ThreadPath] {
    try checkNames(thread.body)
    var paths = try run(thread.body, from: [start], under: 0)
    for index in paths.indices where !paths[index].openSections.isEmpty {
      paths[index].isUnbalanced = true
    }
    return paths
  }

  private func run(
    _ statements: [LitmusStatement], from paths: [ThreadPath], under control: UInt64
  ) throws(LitmusError) -> [ThreadPath] {
    var current = paths
    for statement in statements {
      var following: [ThreadPath] = []
      for path in current { following += try step(statement, path, control) }
      current = following
      guard current.count <= Limits.pathsMax else {
        throw LitmusError(
          line: statement.line, "This thread has more than \(Limits.pathsMax) ways through it.",
          repair: "Use fewer branches.")
      }
    }
    return current
  }

  private func step(
    _ statement: LitmusStatement, _ path: ThreadPath, _ control: UInt64
  ) throws(LitmusError) -> [ThreadPath] {
    let site = Site(control: control, line: statement.line)
    switch statement.action {
    case .assign(let register, let expression):
      return try evaluate(expression, path, site).map { path, value in
        var path = path
        path.registers[register] = value
        return path
      }
    case .store(let kind, let address, let value):
      return try store(kind, address, value, path, site)
    case .storeThenBarrier(let address, let value):
      return try store(.once, address, value, path, site).map { $0.adding(.full) }
    case .barrier(let barrier): return [path.adding(barrier)]
    case .lock(let lock): return try self.lock(lock, path, site)
    case .unlock(let lock): return try unlock(lock, path, site)
    case .enterReadSection, .leaveReadSection, .waitForGracePeriod:
      return [try synchronize(statement.action, path, site)]
    case .branch(let condition, let then, let otherwise):
      return try branch(condition, then, otherwise, path, site)
    case .evaluate(let expression): return try evaluate(expression, path, site).map { $0.path }
    }
  }

  private func branch(
    _ condition: LitmusExpression, _ then: [LitmusStatement], _ otherwise: [LitmusStatement],
    _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [ThreadPath] {
    var paths: [ThreadPath] = []
    for (path, value) in try evaluate(condition, path, site) {
      let control = site.control | value.reads
      if let taken = path.assuming(value.formula, true) {
        paths += try run(then, from: [taken], under: control)
      }
      if let skipped = path.assuming(value.formula, false) {
        paths += try run(otherwise, from: [skipped], under: control)
      }
    }
    return paths
  }

  private func store(
    _ kind: LitmusStore, _ address: LitmusExpression, _ value: LitmusExpression,
    _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [ThreadPath] {
    let mark: EventMark =
      switch kind {
      case .plain: .plain
      case .once: .once
      case .release: .release
      }
    return try evaluate(address, path, site).flatMapThrowing { place throws(LitmusError) in
      try evaluate(value, place.path, site).mapThrowing { step throws(LitmusError) in
        try step.path.adding(
          PathEvent(
            kind: .write, mark: mark, address: place.value, value: step.value,
            control: site.control, line: site.line))
      }
    }
  }

  private func synchronize(
    _ action: LitmusAction, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> ThreadPath {
    var path = path
    let number = path.events.count
    switch action {
    case .enterReadSection:
      path.openSections.append(number)
      return try path.adding(PathEvent(kind: .enterReadSection, line: site.line))
    case .leaveReadSection:
      if let first = path.openSections.popLast() {
        if path.openSections.isEmpty { path.sections.append((first, number)) }
      } else {
        path.isUnbalanced = true
      }
      return try path.adding(PathEvent(kind: .leaveReadSection, line: site.line))
    default: return try path.adding(PathEvent(kind: .gracePeriod, line: site.line))
    }
  }
}

/// Where an event comes from.
struct Site {
  /// The reads that decided that execution came here.
  var control: UInt64
  var line: Int
}

extension LitmusValue {
  /// The value with its variable's number.
  func numbered(_ variables: [String: Int]) -> Value {
    switch self {
    case .integer(let number): Value(number: number)
    case .address(let name): Value(number: 0, place: variables[name] ?? -1)
    case .fromNowhere: preconditionFailure("nothing begins with a value from nowhere")
    }
  }
}

extension ThreadPath {
  func adding(_ barrier: LitmusBarrier) -> ThreadPath {
    var path = self
    path.barriers.append((barrier, events.count))
    return path
  }

  func adding(_ event: PathEvent) throws(LitmusError) -> ThreadPath {
    guard events.count < Limits.eventsOfThreadMax else {
      throw LitmusError(
        line: event.line, "A thread has more than \(Limits.eventsOfThreadMax) accesses.",
        repair: "Split the test.")
    }
    var path = self
    path.events.append(event)
    return path
  }

  /// The path on which the formula is true or false; nil if it cannot be.
  func assuming(_ formula: Formula, _ isTrue: Bool) -> ThreadPath? {
    if let constant = formula.constant { return constant.isTrue == isTrue ? self : nil }
    for assumption in assumptions where assumption.formula == formula {
      return assumption.isTrue == isTrue ? self : nil
    }
    var path = self
    path.assumptions.append((formula, isTrue))
    return path
  }
}

extension Array {
  func mapThrowing<Result>(
    _ transform: (Element) throws(LitmusError) -> Result
  ) throws(LitmusError) -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try transform(element)) }
    return results
  }

  func flatMapThrowing<Result>(
    _ transform: (Element) throws(LitmusError) -> [Result]
  ) throws(LitmusError) -> [Result] {
    var results: [Result] = []
    for element in self { results += try transform(element) }
    return results
  }
}
