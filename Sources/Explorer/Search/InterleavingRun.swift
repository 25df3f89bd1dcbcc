internal import Machine

/// Searches the interleavings of a scenario: each decision says which thread steps next.
final class InterleavingRun: SearchRun {
  let conductor: ExplorationConductor
  /// What broke a rule in this process.
  private(set) var failure: Failure?

  init(_ conductor: ExplorationConductor, _ scenario: @escaping @Sendable (Lab) -> Void) {
    self.conductor = conductor
    super.init(scenario)
  }

  override var tree: SearchTree {
    get { conductor.tree }
    set { conductor.tree = newValue }
  }
  override var lockOrder: LockOrder {
    get { conductor.lockOrder }
    set { conductor.lockOrder = newValue }
  }

  override func didRestore() { didAdopt() }

  override func didAdopt() {
    // Which free it was, nobody asks before the end; that there was one keeps it from being noted.
    conductor.suspicion = state.suspicious == nil ? nil : .known
  }

  override func performNext() -> SearchState.Ending? {
    conductor.execute(scenario)
    count()
    if let failure = conductor.failure {
      self.failure = failure
      state.failing = SavedSchedule(conductor.currentScript())
      return .failed
    }
    if conductor.ending == .diverged { return .diverged }
    noteSuspicion()
    guard conductor.tree.advance() else { return .complete }
    return state.afterSuspicion > Limits.executionsAfterSuspicion ? .limit : nil
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
    if conductor.ending == .complete { count(outcomes: conductor.outcomes) }
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
