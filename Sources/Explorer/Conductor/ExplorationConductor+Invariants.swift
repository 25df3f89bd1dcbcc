internal import Machine

extension ExplorationConductor {
  func addInvariant(_ violation: @escaping @Sendable () -> String?) {
    invariants.append(violation)
  }

  /// Asks about the state that the latest step led to.
  func checkInvariants() {
    guard failure == nil, phase == .running || phase == .priming else { return }
    let outer = phase
    phase = .looking
    var found: String?
    for violation in invariants where found == nil { found = violation() }
    phase = outer
    guard let found else { return }
    fail(Failure(verdict: .expectationFailed, rule: "invariant", message: found))
  }

  /// Answers what reads the state without being a step of anybody.
  func look(_ event: Event) -> UInt64 {
    switch event {
    case .access(let access) where !access.mayWrite:
      return arena.read(access.address, width: access.width)
    case .isHeld(let lock): return holders[lock] == nil ? 0 : 1
    default: preconditionFailure("explorer: a question about a state only reads, and not \(event)")
    }
  }
}
