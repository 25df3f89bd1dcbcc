internal import Explorer

/// Looks at the clock while a search runs: reports how it goes, keeps its state, and ends it.
final class SearchWatch {
  private let index: Int
  private let name: String
  private let request: ScenarioRequest
  private let ended: [ExplorationReport]
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now
  private var kept = ContinuousClock.now
  private var executionsAtStart = 0
  private var executions = 0
  private var interruptsAtStart = ScenarioSession.interruptCount
  private var randomBegan: ContinuousClock.Instant?

  init(_ index: Int, _ name: String, _ request: ScenarioRequest, _ ended: [ExplorationReport]) {
    self.index = index
    self.name = name
    self.request = request
    self.ended = ended
  }

  func monitor(start: SearchState?) -> SearchMonitor {
    executionsAtStart = start?.executions ?? 0
    return SearchMonitor(
      start: start, isTimeToStop: isTimeToStop,
      didEnd: { [self] state in
        if state.canGoOn { keep(state) }
      }, isTimeToGiveUp: isTimeToGiveUp)
  }

  private func isTimeToStop(_ state: SearchState) -> Bool {
    let now = ContinuousClock.now
    executions = state.executions
    if now - shown > Limits.progressInterval {
      shown = now
      show(now, estimate: state.estimate, random: nil)
    }
    if now - kept > Limits.checkpointInterval {
      kept = now
      keep(state)
    }
    if ScenarioSession.interruptCount > 0 { return true }
    return request.secondsMax.map { now - start > .seconds($0) } ?? false
  }

  /// Random schedules end by themselves; a second interrupt ends them at once.
  private func isTimeToGiveUp(_ schedules: Int) -> Bool {
    let now = ContinuousClock.now
    let began = randomBegan ?? now
    if randomBegan == nil {
      randomBegan = now
      interruptsAtStart = ScenarioSession.interruptCount
    }
    if now - shown > Limits.progressInterval {
      shown = now
      show(now, estimate: nil, random: schedules)
    }
    return now - began > Limits.randomInterval
      || ScenarioSession.interruptCount > interruptsAtStart
  }

  private func show(_ now: ContinuousClock.Instant, estimate: Int?, random: Int?) {
    let seconds = (now - start) / .seconds(1)
    FrameLine.send(
      .progress(
        SearchProgress(
          index: index, name: name, executions: executions,
          perSecond: Int(Double(executions - executionsAtStart) / max(seconds, 0.001)),
          estimate: estimate, random: random)))
  }

  private func keep(_ state: SearchState) {
    guard request.wantsCheckpoints else { return }
    FrameLine.send(.checkpoint(Checkpoint(ended: ended, open: state)))
  }
}
