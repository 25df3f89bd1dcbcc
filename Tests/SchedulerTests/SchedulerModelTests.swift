import Explorer
import Testing

/// The scheduler against its device, in every interleaving.
@Suite(.serialized)
struct SchedulerModelTests {
  @Test func `a job ends although the device is done before anybody watches`() {
    var options = ExplorationOptions()
    options.reduction = .graphs
    let report = explore("submission against completion", options: options) { lab in
      ModelScenario.submission(lab)
    }
    print("submission against completion: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report.failure?.message ?? report.bound)")
    #expect(report.isExhaustive)
    #expect(report.executions >= 2)
  }
}
