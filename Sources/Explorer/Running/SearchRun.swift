/// Runs the executions of a search, or of a part of one, in this process.
final class SearchRun {
  let conductor: ExplorationConductor
  let scenario: @Sendable (Lab) -> Void
  /// The state as of the last execution; its decisions only as of the last pause.
  private(set) var state = SearchState()
  /// What broke a rule in this process.
  private(set) var failure: Failure?

  init(_ conductor: ExplorationConductor, _ scenario: @escaping @Sendable (Lab) -> Void) {
    self.conductor = conductor
    self.scenario = scenario
  }

  /// Takes over a state.
  ///
  /// - Parameter floor: Decisions before this one are another search's.
  func restore(_ state: SearchState, floor: Int = 0) {
    self.state = state
    conductor.tree.restore(state.nodes, floor: floor, requests: state.requests)
    // Which free it was, nobody asks before the end; that there was one keeps it from being noted.
    conductor.suspicion = state.suspicious == nil ? nil : .known
    conductor.lockOrder = LockOrder(state.lockFacts)
  }

  /// Runs executions until the search ends or a pause is wanted.
  ///
  /// - Parameters:
  ///   - turnsMax: The search ends after this many executions, redundant ones included.
  ///   - isPause: Asked every ``Limits/executionsBetweenPauses`` executions.
  ///   - didTurn: Called whenever the search has turned to another alternative of a decision; it
  ///     may replace the state.
  func run(turnsMax: Int, isPause: () -> Bool, didTurn: () -> Void = {}) {
    var sincePause = 0
    while state.ending == .open {
      guard state.turns < turnsMax else { return end(.limit) }
      conductor.execute(scenario)
      count()
      if let failure = conductor.failure {
        self.failure = failure
        state.failing = SavedSchedule(conductor.currentScript())
        return end(.failed)
      }
      if conductor.ending == .diverged { return end(.diverged) }
      noteSuspicion()
      guard conductor.tree.advance() else { return end(.complete) }
      if state.afterSuspicion > Limits.executionsAfterSuspicion { return end(.limit) }
      didTurn()
      sincePause += 1
      if sincePause == Limits.executionsBetweenPauses {
        sincePause = 0
        save()
        if isPause() { return }
      }
    }
  }

  /// Brings the state's decisions up to date.
  func save() {
    state.nodes = conductor.tree.nodes
    state.requests = conductor.tree.requests
  }

  /// Takes what another process found out about the alternative that comes next.
  ///
  /// - Parameter floor: The decisions up to that alternative.
  func adopt(_ part: SearchState, floor: Int) {
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
      conductor.suspicion = .known
    }
    for fact in part.lockFacts { conductor.lockOrder.learn(fact) }
    state.lockFacts = conductor.lockOrder.facts
    for request in part.requests {
      conductor.tree.want(
        request.candidates, preferring: request.preferred, at: request.decision)
    }
    switch part.ending {
    case .open: conductor.tree.graft(part.nodes, at: floor)
    case .complete: if !conductor.tree.advance() { end(.complete) }
    case .limit, .diverged: end(part.ending)
    case .failed:
      state.failing = part.failing
      end(.failed)
    }
  }

  /// Whether the search would have come as far as this part did.
  func reaches(_ part: SearchState, turnsMax: Int) -> Bool {
    let after = state.suspicious == nil ? 0 : state.afterSuspicion + part.turns
    return state.turns + part.turns <= turnsMax && after <= Limits.executionsAfterSuspicion
  }

  private func end(_ ending: SearchState.Ending) {
    save()
    state.ending = ending
  }

  private func count() {
    switch conductor.ending {
    case .redundant: state.redundant += 1
    case .tooLong: state.wasCut = true
    default: state.executions += 1
    }
    state.steps += conductor.trace.count
    if state.lockFacts.count < conductor.lockOrder.facts.count {
      state.lockFacts = conductor.lockOrder.facts
    }
    guard conductor.ending == .complete, !conductor.outcomes.isEmpty else { return }
    state.outcomes[conductor.outcomes.joined(separator: " "), default: 0] += 1
  }

  private func noteSuspicion() {
    guard conductor.suspicion != nil else { return }
    if state.suspicious == nil {
      state.suspicious = conductor.suspicionScript.map(SavedSchedule.init)
    }
    state.afterSuspicion += 1
  }
}

extension Failure {
  /// Stands for a suspicion that was noted in another process or at another time.
  fileprivate static let known = Failure(
    verdict: .useAfterFree, rule: "use-after-free/unordered", message: "")
}
