/// Gives every read a write to read from, and learns every value on the way.
///
/// A read whose address is known is settled first; values are passed on as soon as they are known.
/// Where reads wait for one another's values in a circle, nothing says what the value is. If it is
/// only copied around, the model allows any, and it is carried as a value from nowhere; if anything
/// is computed from it, or decided by it, no value follows and the branch ends.
struct ReadSearch {
  let program: Program
  private let reads: [Int]
  private let writes: [Int]

  /// What is settled so far.
  struct State {
    /// The write each read reads from.
    var source: [Int?]
    /// What each read returned.
    var value: [Value?]
    /// The variable of each access.
    var place: [Int?]
    /// Why an access leads nowhere, if one does.
    var fault: LitmusError?
    /// Whether a value comes from nowhere.
    var hasCircle = false
  }

  /// The place of an access that leads to no variable.
  static let nowhere = -1

  init(_ program: Program) {
    self.program = program
    reads = (0..<program.count).filter { program.events[$0].kind == .read }
    writes = (0..<program.count).filter {
      [.initial, .write].contains(program.events[$0].kind)
    }
  }

  /// What is known before any read is settled; nil if that is a contradiction.
  var start: State? {
    let none: [Int?] = Array(repeating: nil, count: program.count)
    var state = State(source: none, value: Array(repeating: nil, count: program.count), place: none)
    return settle(&state) ? state : nil
  }

  /// Calls `body` with each complete assignment, and with those that end in a fault.
  ///
  /// Assignments that begin like one for which `mayHold` is false are left out.
  func forEach(
    from start: State, where mayHold: (State) -> Bool,
    _ body: (State) throws(LitmusError) -> Void
  ) throws(LitmusError) {
    try extend(start, mayHold, body)
  }

  /// Whether every read has a write to read from.
  func isSettled(_ state: State) -> Bool { reads.allSatisfy { state.source[$0] != nil } }

  private func extend(
    _ state: State, _ mayHold: (State) -> Bool, _ body: (State) throws(LitmusError) -> Void
  ) throws(LitmusError) {
    let open = reads.filter { state.place[$0] != Self.nowhere }
    guard let read = open.first(where: { state.source[$0] == nil && state.place[$0] != nil })
    else {
      let isFaulty = state.fault != nil
      let isRead = open.allSatisfy { state.source[$0] != nil && state.value[$0] != nil }
      let isPlaced = isFaulty || writes.allSatisfy { state.place[$0] != nil }
      let isKnown = open.allSatisfy { state.source[$0].flatMap { state.place[$0] } != nil }
      if isRead || isFaulty, isPlaced, isKnown {
        if let complete = checked(state) { try body(complete) }
      } else if !isFaulty, isPlaced, isKnown, let broken = breakingCircle(state) {
        try extend(broken, mayHold, body)
      }
      return
    }
    for write in writes where mayRead(read, from: write, state) {
      var next = state
      next.source[read] = write
      if settle(&next), mayHold(next) { try extend(next, mayHold, body) }
    }
  }

  /// The state with one of its circles of values given a value from nowhere; nil without a circle
  /// of mere copies.
  private func breakingCircle(_ state: State) -> State? {
    for read in reads where state.value[read] == nil {
      guard let source = state.source[read] else { return nil }
      var next = state
      next.hasCircle = true
      next.value[read] = .fromNowhere(read)
      let returned = settle(&next) ? outcome(program.events[source].value.formula, next) : .open
      if returned == .value(.fromNowhere(read)) { return next }
    }
    return nil
  }

  /// The state if all that is stored has a value.
  ///
  /// If something has none, a circle is none of mere copies; without a circle it is a fault.
  private func checked(_ state: State) -> State? {
    var state = state
    for write in writes where outcome(program.events[write].value.formula, state) == .meaningless {
      if state.hasCircle { return nil }
      let line = program.events[write].line
      state.fault =
        state.fault
        ?? LitmusError(
          line: line, "C gives the value that is stored here no meaning.",
          repair: "Compute with numbers; of addresses only sums and differences have a meaning.")
    }
    return state
  }

  private func mayRead(_ read: Int, from write: Int, _ state: State) -> Bool {
    guard state.place[write] == nil || state.place[write] == state.place[read] else { return false }
    if program.isBefore(read, write) { return false }
    let range = program.threads[read] < 0 ? 0..<0 : program.ranges[program.threads[read]]
    // A store of its own hides what came before it.
    for between in range where between < read && between != write {
      guard program.events[between].kind == .write, state.place[between] == state.place[read]
      else { continue }
      if write < between && program.isBefore(write, between) || program.threads[write] < 0 {
        return false
      }
    }
    let event = program.events[read]
    guard event.isUpdate, isStored(read) else { return true }
    // Two updates cannot both be next after one write.
    return !reads.contains { other in
      other != read && state.source[other] == write && program.events[other].isUpdate
        && isStored(other)
    }
  }

  /// Whether the read is half of an update that stores.
  private func isStored(_ read: Int) -> Bool {
    read + 1 < program.count && program.events[read + 1].readHalf == read
  }

  /// Passes values on until nothing changes; false if they contradict each other.
  private func settle(_ state: inout State) -> Bool {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for event in 0..<program.count where state.place[event] == nil {
        guard program.events[event].kind.isAccess else { continue }
        if let place = variable(of: event, &state) {
          state.place[event] = place
          hasChanged = true
        }
      }
      for read in reads where state.value[read] == nil {
        guard let source = state.source[read] else { continue }
        if case .value(let value) = outcome(program.events[source].value.formula, state) {
          state.value[read] = value
          hasChanged = true
        }
      }
    }
    for read in reads {
      guard let source = state.source[read], let place = state.place[source] else { continue }
      if place != state.place[read] { return false }
    }
    for assumption in program.assumptions {
      let outcome = outcome(assumption.formula, state)
      if state.hasCircle, outcome == .meaningless { return false }
      guard case .value(let value) = outcome else { continue }
      if value.isFromNowhere || value.isTrue != assumption.isTrue { return false }
    }
    return true
  }

  private func outcome(_ formula: Formula, _ state: State) -> Formula.Outcome {
    formula.evaluate { state.value[$0] }
  }

  private func variable(of event: Int, _ state: inout State) -> Int? {
    switch outcome(program.events[event].address.formula, state) {
    case .open: return nil
    case .value(let value):
      if let variable = value.variable { return variable }
      state.fault = fault(
        event, value.place < 0 ? "the number \(value.number)" : "an address inside a variable")
    case .meaningless: state.fault = fault(event, "a senseless address")
    }
    return Self.nowhere
  }

  private func fault(_ event: Int, _ what: String) -> LitmusError {
    LitmusError(
      line: program.events[event].line,
      "This access can come to \(what), which is no variable.",
      repair: "Let every pointer begin with the address of a variable, such as a dummy.")
  }
}
