public import Machine

/// Performs one schedule of a scenario for observers such as a cache model, with no search.
///
/// - Parameters:
///   - name: The scenario's name, as in ``explore(_:options:_:)``.
///   - schedule: A replay name on sequential memory; nil runs the threads in the order in which
///     they were declared, each as far as it can go.
///   - observers: Who is told of every step.
/// - Returns: What became of the schedule.
public func observe(
  _ name: String, along schedule: String? = nil, with observers: [any Observer],
  _ scenario: @escaping @Sendable (Lab) -> Void
) -> ReplayOutcome {
  let exploration = Exploration(name: name, options: ExplorationOptions(), scenario: scenario)
  exploration.conductor.observers = observers
  return schedule.map(exploration.replay) ?? exploration.followInOrder()
}

/// Lets the first thread that can step do so, again and again.
final class InOrder: Guide {
  override func next(of enabled: UInt32, in conductor: ExplorationConductor) -> VirtualThread? {
    conductor.threads.first { enabled & $0.bit != 0 }
  }

  override func nextChoice(below limit: UInt64) -> UInt64? { 0 }
}
