internal import Machine

final class ExplorationConductor: @unchecked Sendable {
  func addThread(_ spawn: Spawn) {}
  func addFinally(_ body: @escaping @Sendable () -> Void) {}
}

struct Exploration {
  let name: String
  let options: ExplorationOptions
  let scenario: @Sendable (Lab) -> Void
  func run() -> ExplorationReport { preconditionFailure("the search lands next") }
  func replay(_ name: String) -> ReplayOutcome { preconditionFailure("the search lands next") }
}
