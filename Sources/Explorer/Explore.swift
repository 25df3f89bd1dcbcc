/// How an exploration is bounded.
public struct ExplorationOptions: Sendable {
  /// How the search avoids executions that differ from an explored one in nothing.
  public enum Reduction: Sendable {
    /// Dynamic partial-order reduction with sleep sets.
    case dynamic
    /// None: every interleaving. The oracle of the tests and the baseline of the benchmarks.
    case none
    /// One execution for each execution graph; on weak memory always.
    case graphs
  }

  /// Which memory the program runs on.
  public enum Memory: String, Sendable, Codable, CaseIterable {
    /// Every read reads the latest store.
    case sequential
    /// The kernel's memory model, without load buffering.
    case weak
  }

  /// Dynamic unless said otherwise.
  public var reduction: Reduction = .dynamic
  /// Sequential unless said otherwise.
  public var memory: Memory = .sequential
  /// The search stops after this many executions and is then not exhaustive.
  public var executionsMax = Limits.executionsMax
  /// One execution may have this many steps; a longer one makes the search not exhaustive.
  public var stepsMax = Limits.stepsMax
  /// Whether locks, read sections and grace periods are explored access by access, as the native
  /// programs that they are, instead of as one event each.
  public var opensPrimitives = false
  /// Processes that search at the same time.
  ///
  /// What an exploration finds and counts is the same for every number of them.
  public var jobs = 1
  /// Random schedules to try where the search ended before it had seen everything.
  public var randomSchedulesMax = 0
  /// Decides the random schedules.
  public var seed: UInt64 = 1

  /// Whether a failing schedule names the source line of each step.
  ///
  /// Looking lines up takes longer than most searches; whoever asks for the verdict alone says no.
  package var namesLines = true

  /// Takes orderings of the program away, on weak memory.
  public var weakening: Weakening?

  /// The defaults of every exploration.
  public init() {}
}

/// Runs a scenario under every interleaving and says what it found.
///
/// The search is complete within the bound that the report names: sequentially consistent memory,
/// the scenario's threads and interrupts, ``Limits/stepsMax`` steps an execution.
///
/// - Parameters:
///   - name: Names the scenario in reports.
///   - scenario: Builds the world; runs anew for every execution and must do the same each time.
/// - Returns: The verdict, the counts and, where a rule was broken, one failing schedule.
public func explore(
  _ name: String, options: ExplorationOptions = ExplorationOptions(),
  _ scenario: @escaping @Sendable (Lab) -> Void
) -> ExplorationReport {
  options.exploresGraphs
    ? GraphExploration(name: name, options: options, scenario: scenario).run()
    : Exploration(name: name, options: options, scenario: scenario).run()
}

/// Performs one schedule again, with no search.
///
/// - Parameter replay: The name that a failure report gave.
/// - Returns: The same failure, or at which step this program turned out to be another one.
public func replay(
  _ replay: String, of name: String, _ scenario: @escaping @Sendable (Lab) -> Void
) -> ReplayOutcome {
  if GraphScript.parse(replay) != nil {
    var options = ExplorationOptions()
    options.memory = .weak
    return GraphExploration(name: name, options: options, scenario: scenario).replay(replay)
  }
  return Exploration(name: name, options: ExplorationOptions(), scenario: scenario).replay(replay)
}

/// What became of a replay.
public enum ReplayOutcome: Sendable, Codable {
  /// The schedule broke the rule again.
  case failed(ExplorationReport)
  /// The schedule ran to its end and broke no rule.
  case passed(ExplorationReport)
  /// The program is not the one the name was made from.
  case refused(step: Int, reason: String)
  /// The text is no replay name.
  case malformed(reason: String)
}

extension ExplorationOptions {
  var exploresGraphs: Bool { memory == .weak || reduction == .graphs }
}
