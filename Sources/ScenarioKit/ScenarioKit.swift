public import Explorer
public import Fences

/// Explores a scenario, and reports to `fencelab explore` where that started the program.
///
/// It stands in for the explorer's own function of this name in files that import this kit: called
/// at the top level of a file, it is all that such a file needs.
///
/// - Parameters:
///   - name: What is claimed, as a sentence.
///   - options: The bound; what the command line says goes before it.
///   - scenario: Builds the world; runs anew for every execution and must do the same each time.
/// - Returns: What was found. A search that was stopped has seen only part of it.
@discardableResult
public func explore(
  _ name: String, options: ExplorationOptions = ExplorationOptions(),
  _ scenario: @escaping @Sendable (Lab) -> Void
) -> ExplorationReport {
  guard let session = ScenarioSession.current else {
    return Explorer::explore(name, options: options, scenario)
  }
  return session.explore(name, options, scenario)
}

/// Explores a scenario under one of the debated designs.
///
/// - Parameters:
///   - name: What is claimed, as a sentence.
///   - policy: The design that the fences follow.
///   - options: The bound; what the command line says goes before it.
///   - scenario: Builds the world; runs anew for every execution and must do the same each time.
/// - Returns: What was found. A search that was stopped has seen only part of it.
@discardableResult
public func explore(
  _ name: String, under policy: FencePolicy, options: ExplorationOptions = ExplorationOptions(),
  _ scenario: @escaping @Sendable (Lab) -> Void
) -> ExplorationReport {
  FencePolicy.with(policy) { explore(name, options: options, scenario) }
}
