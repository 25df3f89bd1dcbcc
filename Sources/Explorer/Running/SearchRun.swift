/// Runs the executions of a search, or of a part of one, in this process.
///
/// What an execution is, and where the next one comes from, the subclasses say.
class SearchRun {
  let scenario: @Sendable (Lab) -> Void
  /// The state as of the last execution; its decisions only as of the last pause.
  final var state = SearchState()

  init(_ scenario: @escaping @Sendable (Lab) -> Void) { self.scenario = scenario }

  // MARK: - What the subclasses say

  /// The decisions that lead to the next execution.
  var tree: SearchTree {
    get { preconditionFailure("a search has a tree of decisions") }
    set { preconditionFailure("a search has a tree of decisions, not \(newValue.nodes.count)") }
  }
  /// What the search knows of the order of locks.
  var lockOrder: LockOrder {
    get { preconditionFailure("a search keeps the order of locks") }
    set { preconditionFailure("a search keeps \(newValue.facts.count) facts about locks") }
  }

  /// Performs the next execution, counts it, and turns to the one after it.
  ///
  /// - Returns: Why the search ends with it, if it does.
  func performNext() -> SearchState.Ending? {
    preconditionFailure("a search has executions")
  }

  /// The state is another search's now.
  func didRestore() {}
  /// The state holds what another process found out, too.
  func didAdopt() {}

  // MARK: - Running

  /// Takes over a state.
  ///
  /// - Parameter floor: Decisions before this one are another search's.
  final func restore(_ state: SearchState, floor: Int = 0) {
    self.state = state
    tree.restore(state.nodes, floor: floor, requests: state.requests)
    lockOrder = LockOrder(state.lockFacts)
    didRestore()
  }

  /// Runs executions until the search ends or a pause is wanted.
  ///
  /// - Parameters:
  ///   - turnsMax: The search ends after this many executions, redundant ones included.
  ///   - isPause: Asked every ``Limits/executionsBetweenPauses`` executions.
  ///   - didTurn: Called whenever the search has turned to another alternative of a decision; it
  ///     may replace the state.
  final func run(turnsMax: Int, isPause: () -> Bool, didTurn: () -> Void = {}) {
    var sincePause = 0
    while state.ending == .open {
      guard state.turns < turnsMax else { return end(.limit) }
      if let ending = performNext() { return end(ending) }
      didTurn()
      sincePause += 1
      if sincePause == Limits.executionsBetweenPauses {
        sincePause = 0
        save()
        if isPause() { return }
      }
    }
  }

  /// Takes what another process found out about the alternative that comes next.
  ///
  /// - Parameter floor: The decisions up to that alternative.
  final func adopt(_ part: SearchState, floor: Int) {
    state.executions += part.executions
    state.redundant += part.redundant
    state.steps += part.steps
    state.wasCut = state.wasCut || part.wasCut
    state.outcomes.merge(part.outcomes, uniquingKeysWith: +)
    if state.suspicious != nil {
      state.afterSuspicion += part.turns
    } else if let suspicious = part.suspicious {
      state.suspicious = suspicious
      state.afterSuspicion = part.afterSuspicion
    }
    for fact in part.lockFacts { lockOrder.learn(fact) }
    state.lockFacts = lockOrder.facts
    for request in part.requests {
      tree.want(request.candidates, preferring: request.preferred, at: request.decision)
    }
    goOn(after: part, floor: floor)
    didAdopt()
  }

  private func goOn(after part: SearchState, floor: Int) {
    switch part.ending {
    case .open: tree.graft(part.nodes, at: floor)
    case .complete: if !tree.advance() { end(.complete) }
    case .limit, .diverged: end(part.ending)
    case .failed:
      state.failing = part.failing
      end(.failed)
    case .learnt: preconditionFailure("explorer: a part that begins anew is dropped")
    }
  }

  /// Whether the search would have come as far as this part did.
  final func reaches(_ part: SearchState, turnsMax: Int) -> Bool {
    let after = state.suspicious == nil ? 0 : state.afterSuspicion + part.turns
    return state.turns + part.turns <= turnsMax && after <= Limits.executionsAfterSuspicion
  }

  private func end(_ ending: SearchState.Ending) {
    save()
    state.ending = ending
  }

  /// Brings the state's decisions up to date.
  private func save() {
    state.nodes = tree.nodes
    state.requests = tree.requests
  }

  final func count(outcomes: [String]) {
    guard !outcomes.isEmpty else { return }
    state.outcomes[outcomes.joined(separator: " "), default: 0] += 1
  }
}
