extension LitmusTest {
  /// Decides the test: every execution the model allows, and what they end in.
  ///
  /// - Throws: ``LitmusError`` if the test cannot be decided.
  package func decide(_ options: LitmusOptions = LitmusOptions()) throws(LitmusError)
    -> LitmusOutcome
  {
    let clock = ContinuousClock()
    let start = clock.now
    var decision = try Decision(self, options)
    try decision.run()
    var outcome = decision.finish()
    outcome.duration = clock.now - start
    return outcome
  }
}

/// Collects the executions of a test.
private struct Decision {
  let test: LitmusTest
  let options: LitmusOptions
  let variables: [String]
  let numbers: [String: Int]
  let observables: [LitmusObservable]
  var outcome: LitmusOutcome
  var states: [[LitmusValue]: (count: Int, satisfies: Bool)] = [:]
  var flags: Set<String> = []
  var candidates = 0

  init(_ test: LitmusTest, _ options: LitmusOptions) throws(LitmusError) {
    self.test = test
    self.options = options
    variables = test.sharedVariables
    numbers = Dictionary(uniqueKeysWithValues: variables.enumerated().map { ($1, $0) })
    observables = test.observables
    outcome = LitmusOutcome(test: test)
    for case .register(let register) in observables
    where !test.threads.indices.contains(register.thread) {
      throw LitmusError(
        line: 0, "The condition names \(register), but there is no thread \(register.thread).",
        repair: "Threads are numbered from 0.")
    }
  }

  mutating func run() throws(LitmusError) {
    var choices: [[ThreadPath]] = []
    for thread in test.threads.indices {
      choices.append(try PathBuilder(thread, of: test, variables: numbers).paths())
    }
    try combine([], choices[...])
  }

  private mutating func combine(
    _ paths: [ThreadPath], _ rest: ArraySlice<[ThreadPath]>
  ) throws(LitmusError) {
    guard let choices = rest.first else { return try run(paths) }
    for path in choices { try combine(paths + [path], rest.dropFirst()) }
  }

  private mutating func run(_ paths: [ThreadPath]) throws(LitmusError) {
    let initial = variables.map { (test.initial[$0] ?? .integer(0)).numbered(numbers) }
    let program = Program(variables: variables, initial: initial, paths: paths)
    let search = ReadSearch(program)
    guard let start = search.start else { return }
    let text = ProgramRelations(program)
    for locks in lockChoices(program, start) {
      var state = start
      for choice in locks.values {
        for (read, write) in choice.sources { state.source[read] = write }
      }
      let lockOrder = Execution.co(locks.values.map(\.order), count: program.count)
      let forbids = options.forbidsLoadBuffering
      try search.forEach(
        from: state,
        where: {
          Self.isPossible($0, search.isSettled($0), lockOrder, program, text, forbids)
        },
        { state throws(LitmusError) in try order(program, text, state, locks) })
    }
  }

  /// Every order of the sections of every lock that is named as itself; late ones come later.
  private func lockChoices(
    _ program: Program, _ start: ReadSearch.State
  ) -> [[Int: Coherence.Choice]] {
    let locks = program.events.indices.filter { program.events[$0].kind.touchesLock }
    guard !locks.isEmpty, locks.allSatisfy({ start.place[$0] != nil }) else { return [[:]] }
    let coherence = Coherence(program: program, source: start.source, place: start.place)
    var combinations: [[Int: Coherence.Choice]] = [[:]]
    for variable in Set(locks.compactMap { start.place[$0] }).sorted() where variable >= 0 {
      // Misuse is reported once the values are known to allow it.
      let none = Relation(count: program.count)
      guard let choices = try? coherence.choices(for: variable, given: none) else { return [[:]] }
      combinations = combinations.flatMap { combination in
        choices.map { choice in combination.merging([variable: choice]) { $1 } }
      }
    }
    return combinations
  }

  /// Whether some completion of what is settled so far may be consistent.
  private static func isPossible(
    _ state: ReadSearch.State, _ isSettled: Bool, _ lockOrder: Relation, _ program: Program,
    _ text: ProgramRelations, _ forbidsLoadBuffering: Bool
  ) -> Bool {
    let coherence = Coherence(program: program, source: state.source, place: state.place)
    guard let decided = coherence.decided else { return false }
    // Nothing is left to choose: the same question would be asked again at once.
    if isSettled, coherence.isTotal(decided) { return true }
    let rf = Execution.rf(state.source, count: program.count)
    if forbidsLoadBuffering, !(text.po | rf).isAcyclic { return false }
    var model = KernelModel(text, rf: rf, co: decided | lockOrder)
    return model.violation() == nil
  }

  /// Tries every order of the writes of each variable.
  private mutating func order(
    _ program: Program, _ text: ProgramRelations, _ state: ReadSearch.State,
    _ locks: [Int: Coherence.Choice]
  ) throws(LitmusError) {
    let coherence = Coherence(program: program, source: state.source, place: state.place)
    guard let decided = coherence.decided else { return }
    var choices: [[Coherence.Choice]] = []
    for variable in variables.indices {
      if let lock = locks[variable] {
        choices.append([lock])
        continue
      }
      choices.append(try coherence.choices(for: variable, given: decided))
      if choices.last?.isEmpty ?? true { return }
    }
    if let fault = state.fault {
      if mayHold([], state, program, text) { throw fault }
      return
    }
    try extend([], choices[...], state, program, text)
  }

  private mutating func extend(
    _ chosen: [Coherence.Choice], _ rest: ArraySlice<[Coherence.Choice]>,
    _ state: ReadSearch.State, _ program: Program, _ text: ProgramRelations
  ) throws(LitmusError) {
    guard let choices = rest.first else { return try judge(chosen, state, program, text) }
    let isWide = rest.reduce(1) { min($0 * $1.count, 1000) } > 2 && choices.count > 1
    if isWide, !mayHold(chosen, state, program, text) { return }
    for choice in choices {
      try extend(chosen + [choice], rest.dropFirst(), state, program, text)
    }
  }

  /// Whether some completion may be consistent.
  private func mayHold(
    _ chosen: [Coherence.Choice], _ state: ReadSearch.State, _ program: Program,
    _ text: ProgramRelations
  ) -> Bool {
    let execution = execution(chosen, state, program)
    var model = KernelModel(text, rf: execution.rf, co: execution.co)
    return model.violation() == nil
  }

  private func execution(
    _ chosen: [Coherence.Choice], _ state: ReadSearch.State, _ program: Program
  ) -> Execution {
    var source = state.source
    for choice in chosen {
      for (read, write) in choice.sources { source[read] = write }
    }
    return Execution(
      program: program, source: source, value: state.value, place: state.place,
      order: chosen.map(\.order))
  }

  private mutating func judge(
    _ chosen: [Coherence.Choice], _ state: ReadSearch.State, _ program: Program,
    _ text: ProgramRelations
  ) throws(LitmusError) {
    candidates += 1
    guard candidates <= Limits.candidatesMax else {
      throw LitmusError(
        line: 0, "The test has more than \(Limits.candidatesMax) candidate executions.",
        repair: "Use fewer accesses.")
    }
    let execution = execution(chosen, state, program)
    let rf = execution.rf
    if options.forbidsLoadBuffering, !(text.po | rf).isAcyclic { return }
    var model = KernelModel(text, rf: rf, co: execution.co)
    if model.violation() != nil { return }
    record(execution, model.races)
  }

  private mutating func record(_ execution: Execution, _ races: Relation) {
    func final(_ name: LitmusObservable) -> LitmusValue { execution.final(name, numbers) }
    if let filter = test.filter, !filter.holds(final) { return }
    let values = observables.map(final)
    let satisfies = states[values]?.satisfies ?? test.condition.holds(final)
    states[values, default: (0, satisfies)].count += 1
    if satisfies { outcome.positive += 1 } else { outcome.negative += 1 }
    let isRacy = !races.isEmpty
    if isRacy { outcome.racy += 1 }
    if execution.program.paths.contains(where: \.isUnbalanced) {
      flags.insert("unbalanced-rcu-locking")
    }
    let answers = satisfies == (test.quantifier != .always)
    guard
      options.keepsExecutions || (answers && outcome.witness == nil)
        || (isRacy && outcome.race == nil)
    else { return }
    let state = zip(observables, values).map { LitmusState.Binding(name: $0, value: $1) }
    let witness = LitmusWitness(execution, races: races, state: state)
    if options.keepsExecutions { outcome.executions.append(witness) }
    if answers, outcome.witness == nil { outcome.witness = witness }
    if isRacy, outcome.race == nil { outcome.race = witness }
  }

  func finish() -> LitmusOutcome {
    var outcome = outcome
    outcome.flags = (outcome.racy > 0 ? ["data-race"] : []) + flags.sorted()
    outcome.states = states.map { values, found in
      LitmusState(
        values: zip(observables, values).map { LitmusState.Binding(name: $0, value: $1) },
        count: found.count, satisfies: found.satisfies)
    }.sorted { isStateBefore($0, $1) }
    return outcome
  }

  private func isStateBefore(_ one: LitmusState, _ other: LitmusState) -> Bool {
    for (left, right) in zip(one.values, other.values) where left.value != right.value {
      switch (left.value, right.value) {
      case (.integer(let one), .integer(let other)): return one < other
      case (.address(let one), .address(let other)): return isNaturallyBefore(one, other)
      case (_, .fromNowhere), (.integer, .address): return true
      case (.fromNowhere, _), (.address, .integer): return false
      }
    }
    return false
  }
}

extension LitmusTest {
  /// Every shared variable, in the order of their names.
  package var sharedVariables: [String] {
    var names = Set(initial.keys)
    func add(_ value: LitmusValue) { if case .address(let name) = value { names.insert(name) } }
    initial.values.forEach(add)
    initialRegisters.values.forEach(add)
    for thread in threads { names.formUnion(thread.parameters.map(\.name)) }
    for case .variable(let name) in observables { names.insert(name) }
    condition.addresses.union(filter?.addresses ?? []).forEach { names.insert($0) }
    return names.sorted(by: isNaturallyBefore)
  }
}

extension LitmusCondition {
  /// The addresses that names are compared with.
  fileprivate var addresses: Set<String> {
    switch self {
    case .equal(_, .address(let name)): [name]
    case .always, .never, .equal, .same: []
    case .not(let inner): inner.addresses
    case .and(let one, let other), .or(let one, let other): one.addresses.union(other.addresses)
    }
  }
}
