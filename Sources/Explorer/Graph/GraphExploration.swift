internal import Machine

/// One scenario and its execution graphs: searches them, or follows the way to one.
final class GraphExploration {
  private let name: String
  private let options: ExplorationOptions
  private let scenario: @Sendable (Lab) -> Void
  private let conductor: GraphConductor
  private let search: GraphRun

  init(
    name: String, options: ExplorationOptions, scenario: @escaping @Sendable (Lab) -> Void
  ) {
    self.name = name
    self.options = options
    self.scenario = scenario
    let model = MemoryModel(isSequential: options.memory == .sequential)
    conductor = GraphConductor(options: options, model: model)
    search = GraphRun(conductor, scenario)
  }

  deinit { conductor.giveBack() }

  func run(_ monitor: SearchMonitor = SearchMonitor()) -> ExplorationReport {
    search.restore(monitor.start ?? SearchState())
    if options.jobs > 1 {
      ParallelSearch(search, jobs: options.jobs, turnsMax: options.executionsMax).run(monitor)
    } else {
      search.run(
        turnsMax: options.executionsMax, isPause: { monitor.isTimeToStop(search.state) })
    }
    monitor.didEnd(search.state)
    return report(on: search.state)
  }

  private func bound() -> String {
    let threads = conductor.threads.dropFirst().filter { $0.cpu < Limits.cpuCountMax && !$0.isIdle }
      .count
    let memory =
      options.memory == .weak
      ? "the kernel's memory model without load buffering" : "sequentially consistent memory"
    if let reason = conductor.isOutOfReach { return "not explored in weak memory: \(reason)" }
    return "\(counted(threads, "thread")), \(memory), at most \(conductor.stepsMax) steps"
  }

  private func report(on state: SearchState) -> ExplorationReport {
    var report = ExplorationReport(unexplored: name)
    report.executions = state.executions
    report.redundant = state.redundant
    report.steps = state.steps
    report.outcomes = OutcomeCount.sorted(state.outcomes)
    if state.ending == .diverged {
      report.failure = .divergence
    } else if let way = state.failing {
      report.failure = failure(along: way, or: nil)
    } else if let finding = conductor.lockOrder.finding {
      report.failure = failure(along: state.lockFacts.last?.schedule, or: finding)
    } else {
      report.isExhaustive = state.ending == .complete && !state.wasCut
      report.verdict = report.isExhaustive ? .passed : .notExhaustive
      report.estimate = state.ending == .complete ? nil : state.estimate
    }
    if let failure = report.failure { report.verdict = failure.verdict }
    report.bound = bound()
    return report
  }

  /// Performs the execution again that broke a rule, and says how.
  private func failure(along way: SavedSchedule?, or finding: Failure?) -> FailureReport {
    guard let way, let graph = search.perform(way), let failure = conductor.failure ?? finding
    else { return .divergence }
    return explain(failure, graph)
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
    let recorder = GraphRecorder(namesLines: options.namesLines)
    conductor.recorder = recorder
    conductor.execute(graph, scenario)
    conductor.recorder = nil
    let text = GraphScheduleText(
      schedule: schedule, failure: failure, recorder: recorder, threads: conductor.threads)
    let script = GraphScript(
      schedule, places: conductor.places, lanes: conductor.lanes,
      handlerPlaces: conductor.handlerPlaces.sorted)
    return FailureReport(
      verdict: failure.verdict, rule: failure.rule, message: failure.message,
      lanes: text.lanes, steps: text.steps(), replay: script.text(program: programHash()))
  }

  /// Performs the one execution that a replay name stands for.
  func replay(_ text: String) -> ReplayOutcome {
    guard let (program, script) = GraphScript.parse(text) else {
      return .malformed(reason: "it should look like 1f2e3d4cw.0ABcA.1dA; copy the whole name")
    }
    conductor.handlerPlaces = HandlerPlaces(script.handlerPlaces)
    conductor.script = script
    conductor.execute(ExecutionGraph(), scenario)
    let refusal = conductor.script?.refusal
    conductor.script = nil
    if programHash() != program {
      return .refused(step: 0, reason: "its name was made from other threads than these")
    }
    if let refusal { return .refused(step: refusal.step, reason: refusal.reason) }
    var report = ExplorationReport(unexplored: name)
    report.executions = 1
    report.steps = conductor.graph.nodes.count
    report.bound = bound()
    guard let failure = conductor.failure ?? conductor.lockOrder.finding else {
      return .passed(report)
    }
    report.failure = explain(failure, conductor.graph)
    report.verdict = failure.verdict
    return .failed(report)
  }

  private func programHash() -> UInt32 { Hash.program(name, conductor.threads.dropFirst()) }
}
