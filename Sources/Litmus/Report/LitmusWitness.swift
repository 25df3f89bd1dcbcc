/// One execution, ready to be drawn or compared.
package struct LitmusWitness: Sendable, Hashable {
  /// Its events, in an order that agrees with each thread.
  package var events: [Event]
  /// The writes of each variable in the order in which they reached memory, by event.
  package var coherence: [String: [Int]]
  /// Pairs of events that race.
  package var races: [Pair]
  /// Registers and variables the test observes, at the end.
  package var state: [LitmusState.Binding]

  /// Two events.
  package struct Pair: Sendable, Hashable {
    package var first: Int
    package var second: Int
  }

  /// One event.
  package struct Event: Sendable, Hashable {
    /// A number that is unique in the execution.
    package var number: Int
    /// The thread; -1 for the initial write of a variable.
    package var thread: Int
    /// What it does, in a few words.
    package var text: String
    /// The event this is drawn as one with: a lock is taken by a read and a write.
    package var partner: Int?
    /// For a read: the write it read from.
    package var source: Int?
    /// The line in the test; 0 if there is none.
    package var line: Int
  }
}

extension LitmusWitness {
  init(_ execution: Execution, races: Relation, state: [LitmusState.Binding]) {
    let program = execution.program
    let order = Self.linear(execution)
    events = order.map { number in
      Event(
        number: number, thread: program.threads[number],
        text: Self.text(of: number, in: execution),
        partner: program.events[number].kind == .lockWrite
          ? program.events[number].readHalf : nil,
        source: execution.source[number], line: program.events[number].line)
    }
    coherence = [:]
    for (variable, writes) in execution.order.enumerated() {
      coherence[program.variables[variable]] = writes
    }
    self.races = races.pairs.map { Pair(first: $0.from, second: $0.to) }
    self.state = state
  }

  /// An order that agrees with each thread, and with reading what is written, where one does.
  private static func linear(_ execution: Execution) -> [Int] {
    let program = execution.program
    var done = Set<Int>()
    var order: [Int] = []
    var next = program.ranges.map(\.lowerBound)
    for event in 0..<program.count where program.threads[event] < 0 {
      done.insert(event)
      order.append(event)
    }
    func isReady(_ event: Int) -> Bool { execution.source[event].map(done.contains) ?? true }
    while let thread = program.ranges.indices.first(where: {
      next[$0] < program.ranges[$0].upperBound && isReady(next[$0])
    }) ?? program.ranges.indices.first(where: { next[$0] < program.ranges[$0].upperBound }) {
      repeat {
        done.insert(next[thread])
        order.append(next[thread])
        next[thread] += 1
      } while next[thread] < program.ranges[thread].upperBound && isReady(next[thread])
    }
    return order
  }

  private static func text(of number: Int, in execution: Execution) -> String {
    let event = execution.program.events[number]
    let name = execution.place[number].map { execution.program.variables[$0] } ?? ""
    func value() -> String { execution.named(execution.value(of: number)).description }
    let mark =
      switch event.mark {
      case .plain: " plain"
      case .once: ""
      case .acquire: " acquire"
      case .release: " release"
      case .full: " full"
      case .noReturn: " noreturn"
      }
    switch event.kind {
    case .initial, .write: return "\(name) = \(value())" + (event.kind == .initial ? "" : mark)
    case .read: return "\(name) → \(value())" + mark
    case .lockRead: return "lock \(name)"
    case .lockWrite: return "holds \(name)"
    case .unlock: return "unlock \(name)"
    case .lockFailed: return "trylock \(name) fails"
    case .seenLocked: return "\(name) is locked"
    case .seenUnlocked: return "\(name) is free"
    case .enterReadSection: return "rcu_read_lock"
    case .leaveReadSection: return "rcu_read_unlock"
    case .gracePeriod: return "synchronize_rcu"
    }
  }
}
