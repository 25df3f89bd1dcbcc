internal import Machine

/// Searches the execution graphs of a scenario, each once.
final class GraphExploration {
  private let name: String
  private let options: ExplorationOptions
  private let scenario: @Sendable (Lab) -> Void
  private let conductor: GraphConductor
  private var waiting: [ExecutionGraph] = [ExecutionGraph()]
  private var executions = 0
  private var blocked = 0
  private var steps = 0
  private var wasCut = false
  private var outcomes: [String: Int] = [:]
  /// The graph that first showed a broken order of locks.
  private var orderGraph: ExecutionGraph?

  init(
    name: String, options: ExplorationOptions, scenario: @escaping @Sendable (Lab) -> Void
  ) {
    self.name = name
    self.options = options
    self.scenario = scenario
    let model = MemoryModel(isSequential: options.memory == .sequential)
    conductor = GraphConductor(options: options, model: model)
  }

  func run(_ monitor: SearchMonitor = SearchMonitor()) -> ExplorationReport {
    while let graph = waiting.popLast() {
      conductor.execute(graph, scenario)
      if conductor.isOutOfReach != nil { break }
      count()
      waiting += conductor.alternatives
      conductor.alternatives.removeAll(keepingCapacity: true)
      if let failure = conductor.failure { return report(failure, conductor.graph) }
      if conductor.lockOrder.finding != nil, orderGraph == nil { orderGraph = conductor.graph }
      if conductor.learntPlaces { beginAnew() }
      if executions + blocked >= options.executionsMax, !waiting.isEmpty {
        wasCut = true
        break
      }
      if (executions + blocked) % Limits.executionsBetweenPauses == 0, !waiting.isEmpty,
        monitor.isTimeToStop(SearchState(executions: executions, redundant: blocked))
      {
        wasCut = true
        break
      }
    }
    return report(conductor.lockOrder.finding, orderGraph)
  }

  /// A handler was seen to use a word for the first time: it can fire at places that were not
  /// offered so far.
  private func beginAnew() {
    conductor.learntPlaces = false
    waiting = [ExecutionGraph()]
    (executions, blocked, steps, outcomes) = (0, 0, 0, [:])
    conductor.lockOrder = LockOrder()
    orderGraph = nil
  }

  private func count() {
    switch conductor.ending {
    case .complete, .failed: executions += 1
    case .tooLong: wasCut = true
    default: blocked += 1
    }
    steps += conductor.graph.nodes.count
    guard conductor.ending == .complete, !conductor.outcomes.isEmpty else { return }
    outcomes[conductor.outcomes.joined(separator: " "), default: 0] += 1
  }

  private func bound() -> String {
    let threads = conductor.threads.dropFirst().filter { $0.cpu < Limits.cpuCountMax }.count
    let memory =
      options.memory == .weak
      ? "the kernel's memory model without load buffering" : "sequentially consistent memory"
    if let reason = conductor.isOutOfReach { return "not explored in weak memory: \(reason)" }
    return "\(counted(threads, "thread")), \(memory), at most \(conductor.stepsMax) steps"
  }

  private func report(_ failure: Failure?, _ graph: ExecutionGraph?) -> ExplorationReport {
    let exhaustive = failure == nil && !wasCut && conductor.isOutOfReach == nil
    return ExplorationReport(
      name: name, verdict: failure?.verdict ?? (exhaustive ? .passed : .notExhaustive),
      executions: executions, redundant: blocked, steps: steps, isExhaustive: exhaustive,
      bound: bound(), outcomes: OutcomeCount.sorted(outcomes),
      failure: failure.map { explain($0, graph ?? ExecutionGraph()) })
  }

  // MARK: - One graph

  /// Writes down the failing graph as a schedule.
  private func explain(_ failure: Failure, _ graph: ExecutionGraph) -> FailureReport {
    if let weakening = options.weakening, !weakening.explainsFailures {
      return FailureReport(
        verdict: failure.verdict, rule: failure.rule, message: failure.message, lanes: [],
        steps: [], replay: "")
    }
    let schedule = GraphSchedule(graph, leadingTo: failure.nodes.isEmpty ? nil : failure.nodes)
    let recorder = GraphRecorder()
    conductor.recorder = recorder
    conductor.execute(graph, scenario)
    conductor.recorder = nil
    let text = GraphScheduleText(
      schedule: schedule, failure: failure, recorder: recorder, threads: conductor.threads)
    let script = GraphScript(
      schedule, places: conductor.places, lanes: conductor.lanes)
    return FailureReport(
      verdict: failure.verdict, rule: failure.rule, message: failure.message,
      lanes: text.lanes, steps: text.steps(), replay: script.text(program: programHash()))
  }

  /// Performs the one execution that a replay name stands for.
  func replay(_ text: String) -> ReplayOutcome {
    guard let (program, script) = GraphScript.parse(text) else {
      return .malformed(reason: "it should look like 1f2e3d4cw.0ABcA.1dA; copy the whole name")
    }
    conductor.script = script
    conductor.execute(ExecutionGraph(), scenario)
    let refusal = conductor.script?.refusal
    conductor.script = nil
    if programHash() != program {
      return .refused(step: 0, reason: "its name was made from other threads than these")
    }
    if let refusal { return .refused(step: refusal.step, reason: refusal.reason) }
    count()
    if let failure = conductor.failure ?? conductor.lockOrder.finding {
      return .failed(report(failure, conductor.graph))
    }
    return .passed(report(nil, nil))
  }

  private func programHash() -> UInt32 { Hash.program(name, conductor.threads.dropFirst()) }
}
