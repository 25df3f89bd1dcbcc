public import Explorer
public import Fences
internal import Glibc

/// Explores what the checks of an exercise name, and tells the parent what it found.
///
/// It stops searching at the first exploration that does not come to what was expected: one
/// schedule to think about is enough.
public final class Grader {
  private let channel: FrameChannel
  private var misconceptions: [Misconception] = []
  private var indexLast = 0
  private var skippedCount = 0
  private var hasFailed = false

  init(channel: FrameChannel) { self.channel = channel }

  /// Names the beliefs that failures of this exercise show; the first that matches is told.
  public func knows(_ misconceptions: Misconception...) {
    self.misconceptions += misconceptions
  }

  /// Explores a scenario and compares what it came to with what it must come to.
  ///
  /// - Parameters:
  ///   - name: What is claimed, as a sentence.
  ///   - policy: The design that the fences follow.
  ///   - expected: A pass unless said otherwise.
  ///   - options: The bound.
  ///   - scenario: Runs anew for every execution.
  public func explore(
    _ name: String, under policy: FencePolicy = .upstream, expecting expected: Outcome = .passed,
    options: ExplorationOptions = ExplorationOptions(),
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) {
    indexLast += 1
    if let wanted = channel.request.replay {
      if wanted.index == indexLast { replay(wanted.name, of: name, under: policy, scenario) }
      return
    }
    var options = options
    options.namesLines = channel.request.namesLines
    send(expected) { [options] in
      FencePolicy.with(policy) { Explorer::explore(name, options: options, scenario) }
    }
  }

  /// The next exploration, unless somebody asks for a replay or an earlier one has failed.
  func report(expecting expected: Outcome, _ make: () -> ExplorationReport) {
    indexLast += 1
    if let wanted = channel.request.replay {
      if wanted.index == indexLast {
        channel.send(.replayed(Replayed(index: indexLast, outcome: nil)))
      }
      return
    }
    send(expected, make)
  }

  private func send(_ expected: Outcome, _ make: () -> ExplorationReport) {
    if hasFailed {
      skippedCount += 1
      return
    }
    let report = make()
    hasFailed = !expected.isMet(by: report)
    let misconception = hasFailed ? misconceptions.first { $0.matches(report) } : nil
    channel.send(
      .explored(
        Explored(
          index: indexLast, expected: expected, report: report, misconception: misconception)))
  }

  private func replay(
    _ schedule: String, of name: String, under policy: FencePolicy,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) {
    let outcome = FencePolicy.with(policy) { Explorer::replay(schedule, of: name, scenario) }
    channel.send(.replayed(Replayed(index: indexLast, outcome: outcome)))
  }

  func finish() {
    if let wanted = channel.request.replay, wanted.index > indexLast {
      channel.send(.replayed(Replayed(index: wanted.index, outcome: nil)))
    }
    channel.send(.finished(explorations: indexLast, skipped: skippedCount))
  }
}

extension Outcome {
  /// Whether the report is what was expected.
  package func isMet(by report: ExplorationReport) -> Bool {
    switch self {
    case .passed, .costs: report.verdict == .passed && report.isExhaustive
    case .fails(let verdict, let rule): report.verdict == verdict && report.failure?.rule == rule
    }
  }
}
