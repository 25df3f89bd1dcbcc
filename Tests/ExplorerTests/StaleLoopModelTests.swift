import Explorer
import Kernel
import Machine
import Testing

/// Loops that come back to a store which a newer one has replaced: in weak memory a reader may find
/// it again and again.
@Suite struct StaleLoopModelTests {
  private func report(
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    return explore("stale loop", options: options, scenario)
  }

  /// A writer replaces a record and marks the old one; the reader looks for one without a mark.
  private static func replacing(
    _ replaces: Bool = true, _ look: @escaping @Sendable (() -> Bool) -> Void
  ) -> @Sendable (Lab) -> Void {
    { lab in
      let (old, new) = (lab.allocate(Plain()), lab.allocate(Plain()))
      let slot = lab.allocate(Word<Object<Plain>?>(old))
      lab.thread("reader", cpu: 0) {
        look {
          guard let found = RCU.dereference(slot.record) else { return false }
          return found.record.flag.load(.relaxed) == 0
        }
      }
      lab.thread("writer", cpu: 1) {
        if replaces { RCU.assign(new, to: slot.record) }
        old.record.flag.store(1, .release)
      }
      lab.finally {
        lab.free(old)
        lab.free(new)
        lab.free(slot)
      }
    }
  }

  /// The reader finds the old record, unmarked or marked up to eight times, and then the new one.
  @Test func `a retry loop ends in every execution`() {
    let report = report(Self.replacing { look in while !look() {} })
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.isExhaustive)
    #expect(report.executions == 10, "\(report.executions), \(report.redundant)")
  }

  @Test(arguments: [(3, Verdict.expectationFailed), (1, .expectationFailed), (0, .passed)])
  func `the old store is found more than once`(_ pair: (turns: Int, verdict: Verdict)) {
    let report = report(
      Self.replacing { look in
        var turns = 0
        while !look() { turns += 1 }
        Machine.expect(pair.turns == 0 || turns < pair.turns, "it is found less often")
      })
    #expect(report.verdict == pair.verdict)
  }

  @Test func `a retry loop that nothing newer can end is a livelock`() {
    let report = report(Self.replacing(false) { look in while !look() {} })
    #expect(report.verdict == .livelock, "\(report)")
  }
}
