internal import Machine

/// One scenario under one set of options: searches it, or follows one schedule of it.
final class Exploration {
  private let name: String
  private let options: ExplorationOptions
  private let scenario: @Sendable (Lab) -> Void
  private let conductor: ExplorationConductor
  private var executions = 0
  private var redundant = 0
  private var steps = 0
  private var wasCut = false

  init(
    name: String, options: ExplorationOptions, scenario: @escaping @Sendable (Lab) -> Void
  ) {
    self.name = name
    self.options = options
    self.scenario = scenario
    conductor = ExplorationConductor(options: options)
  }

  // MARK: - Searching

  func run() -> ExplorationReport {
    var found: (Failure, Script)?
    var afterSuspicion = 0
    repeat {
      conductor.execute(scenario)
      count()
      if let failure = conductor.failure {
        found = (failure, conductor.currentScript())
        break
      }
      if conductor.ending == .diverged { return report(divergence(), nil) }
      if conductor.suspicion != nil { afterSuspicion += 1 }
      if executions + redundant >= options.executionsMax
        || afterSuspicion > Limits.executionsAfterSuspicion
      {
        wasCut = wasCut || conductor.suspicion == nil
        break
      }
    } while conductor.tree.advance()
    if found == nil, let suspicion = conductor.suspicion, let script = conductor.suspicionScript {
      found = (suspicion, script)
    }
    guard let (failure, script) = found else { return report(nil, nil) }
    return report(failure, explain(failure, script))
  }

  private func count() {
    switch conductor.ending {
    case .redundant: redundant += 1
    case .tooLong: wasCut = true
    default: executions += 1
    }
    steps += conductor.trace.count
  }

  private func divergence() -> Failure {
    Failure(
      verdict: .notDeterministic, rule: "not-deterministic",
      message: "The scenario did something else when the same schedule was run again. "
        + "Use only machine words, cells and Machine.choose for what may differ.")
  }

  // MARK: - One schedule

  func replay(_ text: String) -> ReplayOutcome {
    guard let (program, script) = ReplayName.parse(text) else {
      return .malformed(reason: "it should look like 1f2e3d4c.1AbC.2dE; copy the whole name")
    }
    let recorder = Recorder()
    follow(script, recorder)
    if programHash() != program {
      return .refused(step: 0, reason: "its name was made from other threads than these")
    }
    if let refusal = script.refusal {
      return .refused(step: refusal.step, reason: refusal.reason)
    }
    executions = 1
    steps = conductor.trace.count
    guard let failure = conductor.failure ?? conductor.suspicion else {
      return .passed(report(nil, nil))
    }
    return .failed(report(failure, failureReport(failure, recorder)))
  }

  private func follow(_ script: Script, _ recorder: Recorder?) {
    script.rewind()
    conductor.suspicion = nil
    conductor.script = script
    conductor.recorder = recorder
    conductor.execute(scenario)
    conductor.script = nil
    conductor.recorder = nil
  }

  // MARK: - Explaining

  /// Runs the failing schedule again in its simplest form and writes down what happens.
  private func explain(_ failure: Failure, _ found: Script) -> FailureReport {
    for script in [simplified(found, failure), found] {
      guard let script else { continue }
      let recorder = Recorder()
      follow(script, recorder)
      let again = conductor.failure ?? conductor.suspicion
      if let again, again.rule == failure.rule { return failureReport(again, recorder) }
    }
    return FailureReport(
      verdict: .notDeterministic, rule: "not-deterministic",
      message: "A schedule failed (\(failure.message)) and did not fail when it was run again.",
      lanes: [], steps: [], replay: "")
  }

  /// The same failure with only the steps that led to it and the fewest switches.
  private func simplified(_ found: Script, _ failure: Failure) -> Script? {
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

  private func failureReport(_ failure: Failure, _ recorder: Recorder) -> FailureReport {
    let lanes = Lanes(threads: conductor.threads)
    let name = ReplayName.make(
      program: programHash(), trace: conductor.trace, choices: conductor.choices.map(\.value))
    return FailureReport(
      verdict: failure.verdict, rule: failure.rule, message: failure.message,
      lanes: lanes.titles,
      steps: ScheduleText(failure: failure, trace: conductor.trace, threads: conductor.threads)
        .steps(recorder.records, lanes),
      replay: name)
  }

  /// Identifies the scenario by its name and its threads.
  private func programHash() -> UInt32 {
    var hash = Hash()
    hash.mix(name)
    for thread in conductor.threads.dropFirst() where thread !== conductor.reclaimer {
      hash.mix(thread.name)
      hash.mix(UInt64(thread.cpu))
    }
    return hash.value
  }

  private func report(_ failure: Failure?, _ explained: FailureReport?) -> ExplorationReport {
    let exhaustive = failure == nil && !wasCut
    return ExplorationReport(
      name: name, verdict: failure?.verdict ?? (exhaustive ? .passed : .notExhaustive),
      executions: executions, redundant: redundant, steps: steps, isExhaustive: exhaustive,
      bound: bound(), failure: explained)
  }

  private func bound() -> String {
    let threads = conductor.threads.dropFirst().filter { $0 !== conductor.reclaimer }.count
    return "\(threads) threads, sequentially consistent memory, at most \(options.stepsMax) steps"
  }
}
