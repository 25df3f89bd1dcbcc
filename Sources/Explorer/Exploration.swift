internal import Machine

/// One scenario under one set of options: searches it, or follows one schedule of it.
final class Exploration {
  private let name: String
  private let options: ExplorationOptions
  let scenario: @Sendable (Lab) -> Void
  let conductor: ExplorationConductor
  private let search: InterleavingRun

  init(
    name: String, options: ExplorationOptions, scenario: @escaping @Sendable (Lab) -> Void
  ) {
    self.name = name
    self.options = options
    self.scenario = scenario
    conductor = ExplorationConductor(options: options)
    search = InterleavingRun(conductor, scenario)
  }

  deinit { conductor.giveBack() }

  // MARK: - Searching

  func run(_ monitor: SearchMonitor = SearchMonitor()) -> ExplorationReport {
    search.restore(monitor.start ?? SearchState())
    if options.jobs > 1 {
      ParallelSearch(search, jobs: options.jobs, turnsMax: options.executionsMax).run(monitor)
    } else {
      search.run(
        turnsMax: options.executionsMax, isPause: { monitor.isTimeToStop(search.state) })
    }
    monitor.didEnd(search.state)
    return report(on: search.state, monitor)
  }

  private func report(on state: SearchState, _ monitor: SearchMonitor) -> ExplorationReport {
    var report = ExplorationReport(unexplored: name)
    report.executions = state.executions
    report.redundant = state.redundant
    report.steps = state.steps
    report.outcomes = OutcomeCount.sorted(state.outcomes)
    if state.ending == .diverged {
      report.verdict = .notDeterministic
      report.failure = .divergence
    } else if let failing = state.failing ?? state.suspicious {
      fail(&report, failing.script, search.failure)
    } else if let (failure, script) = brokenOrder(state) {
      fail(&report, script, failure)
    } else if state.ending == .complete, !state.wasCut {
      report.isExhaustive = true
      report.verdict = .passed
    } else {
      report.estimate = state.ending == .complete ? nil : state.estimate
      tryRandomSchedules(&report, monitor)
    }
    report.bound = bound()
    return report
  }

  /// Locks that can deadlock, and the schedule of the last step that it took to know.
  private func brokenOrder(_ state: SearchState) -> (Failure, Script)? {
    guard let finding = LockOrder(state.lockFacts).finding,
      let schedule = state.lockFacts.last?.schedule
    else { return nil }
    return (finding, schedule.script)
  }

  private func fail(_ report: inout ExplorationReport, _ script: Script, _ known: Failure?) {
    let failure = known ?? failure(of: script)
    report.failure = explain(failure, script)
    report.verdict = report.failure?.verdict ?? .notDeterministic
  }

  /// What a schedule breaks that was found in another process, or at another time.
  private func failure(of script: Script) -> Failure? {
    follow(script, nil)
    return conductor.failure ?? conductor.suspicion
  }

  private func tryRandomSchedules(_ report: inout ExplorationReport, _ monitor: SearchMonitor) {
    guard options.randomSchedulesMax > 0 else { return }
    let schedules = RandomSchedules(self, seed: options.seed)
    let found = schedules.run(
      atMost: options.randomSchedulesMax, isTimeToGiveUp: monitor.isTimeToGiveUp)
    report.random = RandomReport(
      schedules: schedules.count, seed: options.seed, foundFailure: found != nil)
    if let (failure, script) = found { fail(&report, script, failure) }
  }

  // MARK: - One schedule

  func replay(_ text: String) -> ReplayOutcome {
    guard let (program, script) = ReplayName.parse(text) else {
      return .malformed(reason: "it should look like 1f2e3d4c.1AbC.2dE; copy the whole name")
    }
    return outcome(of: script, program, record(script))
  }

  /// Follows the threads in the order in which they were declared, each as far as it can go.
  func followInOrder() -> ReplayOutcome {
    let guide = InOrder()
    let recorder = record(guide)
    return outcome(of: guide, programHash(), recorder)
  }

  private func outcome(of script: Guide, _ program: UInt32, _ recorder: Recorder)
    -> ReplayOutcome
  {
    if programHash() != program {
      return .refused(step: 0, reason: "its name was made from other threads than these")
    }
    if let refusal = script.refusal {
      return .refused(step: refusal.step, reason: refusal.reason)
    }
    var report = ExplorationReport(unexplored: name)
    report.executions = 1
    report.steps = conductor.trace.count
    report.bound = bound()
    guard let failure = conductor.worst else { return .passed(report) }
    report.failure = schedule(recorder, broken: failure)
    report.verdict = failure.verdict
    return .failed(report)
  }

  /// Performs one schedule and writes it down.
  private func record(_ guide: Guide) -> Recorder {
    let recorder = Recorder(namesLines: options.namesLines)
    follow(guide, recorder)
    return recorder
  }

  /// Performs one schedule instead of searching.
  func follow(_ guide: Guide, _ recorder: Recorder?) {
    conductor.suspicion = nil
    conductor.lockOrder = LockOrder()
    conductor.script = guide
    conductor.recorder = recorder
    conductor.execute(scenario)
    conductor.script = nil
    conductor.recorder = nil
  }

  // MARK: - Explaining

  /// Runs the failing schedule again in its simplest form and writes down what happens.
  private func explain(_ failure: Failure?, _ found: Script) -> FailureReport {
    var last: Recorder?
    for script in [failure.flatMap { simplified(found, $0) }, found] {
      guard let script, let failure else { continue }
      script.rewind()
      let recorder = record(script)
      last = recorder
      if let again = conductor.worst, again.rule == failure.rule {
        return schedule(recorder, broken: again)
      }
    }
    // One half of a broken order may stand in another execution.
    if let failure, let last, failure.verdict == .lockOrder {
      return schedule(last, broken: failure)
    }
    return FailureReport(
      verdict: .notDeterministic, rule: "not-deterministic",
      message: "A schedule failed (\(failure?.message ?? "")) and did not fail when it was run "
        + "again.",
      lanes: [], steps: [], replay: "")
  }

  /// The same failure with only the steps that led to it and the fewest switches.
  private func simplified(_ found: Script, _ failure: Failure) -> Script? {
    found.rewind()
    follow(found, nil)
    let trace = conductor.trace
    guard trace.count <= Limits.witnessStepsMax else { return nil }
    let witness = Witness(trace: trace, threads: conductor.threads)
    let needed = failure.isAboutAStep ? witness.causes() : Array(trace.indices)
    let lines = witness.arrange(needed).map {
      Script.Line(thread: trace[$0].thread, check: nil)
    }
    return Script(lines: lines, choices: found.choices)
  }

  /// The execution that was recorded.
  ///
  /// - Parameter broken: The rule that it broke; without one every step's line is looked up.
  func schedule(_ recorder: Recorder, broken failure: Failure?) -> FailureReport {
    let lanes = Lanes(threads: conductor.threads)
    let text = ScheduleText(
      failure: failure, trace: conductor.trace, threads: conductor.threads)
    return FailureReport(
      verdict: failure?.verdict ?? .passed, rule: failure?.rule ?? "",
      message: failure?.message ?? "", lanes: lanes.titles,
      steps: text.steps(recorder.records, lanes),
      replay: ReplayName.make(
        program: programHash(), trace: conductor.trace, choices: conductor.choices.map(\.value)))
  }

  private func programHash() -> UInt32 { Hash.program(name, conductor.threads.dropFirst()) }

  private func bound() -> String {
    let threads = conductor.threads.dropFirst().filter { $0.cpu < Limits.cpuCountMax }.count
    let steps = "at most \(options.stepsMax) steps"
    return "\(counted(threads, "thread")), sequentially consistent memory, \(steps)"
  }
}

extension ExplorationConductor {
  /// What the execution stands for: a failure before a suspicion before an order of locks.
  fileprivate var worst: Failure? { failure ?? suspicion ?? lockOrder.finding }
}

extension FailureReport {
  /// The program did not do the same again.
  static let divergence = FailureReport(
    verdict: .notDeterministic, rule: "not-deterministic",
    message: "The scenario did something else when the same schedule was run again. "
      + "Use only machine words, cells and Machine.choose for what may differ.",
    lanes: [], steps: [], replay: "")
}
