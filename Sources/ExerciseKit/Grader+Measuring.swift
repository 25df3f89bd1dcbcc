public import Explorer
public import Fences

extension Grader {
  /// Runs a scenario on one fixed schedule and compares what it takes with what it may take.
  ///
  /// The schedule: the threads run in the order in which they are declared, each as far as it can
  /// go. It counts as one exploration in the head of the checks.
  ///
  /// - Parameters:
  ///   - name: What is claimed, as a sentence.
  ///   - limit: What the threads may take together.
  ///   - policy: The design that the fences follow.
  ///   - scenario: Runs once.
  public func measure(
    _ name: String, atMost limit: Cost, under policy: FencePolicy = .upstream,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) {
    report(expecting: .costs(atMost: limit)) {
      let counter = CostCounter()
      let outcome = FencePolicy.with(policy) {
        Explorer::observe(name, with: [counter], scenario)
      }
      return Self.report(on: outcome, counter, limit)
    }
  }

  private static func report(
    on outcome: ReplayOutcome, _ counter: CostCounter, _ limit: Cost
  ) -> ExplorationReport {
    switch outcome {
    case .failed(let report): return report
    case .passed(var report):
      report.isExhaustive = true
      report.verdict = .passed
      report.bound = "one fixed schedule, a model of caches"
      guard let excess = counter.cost.excess(over: limit) else { return report }
      report.verdict = .tooCostly
      report.failure = FailureReport(
        verdict: .tooCostly, rule: "too-costly/\(excess)",
        message: "On the fixed schedule it takes \(counter.cost.words). "
          + counter.whereLinesMoved,
        lanes: [], steps: [])
      return report
    case .refused, .malformed:
      preconditionFailure("threads in their order are no replay")
    }
  }
}
