import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The rows with two or more actors, in every interleaving, with the big loops made small, under
/// every design that these rows run through.
@Suite(.serialized)
struct RowModelTests {
  private func row(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    for variant in Variant.explored {
      let report = FencePolicy.with(variant.policy) { explore(name, scenario) }
      print("\(name), \(variant.name): \(report.executions) executions")
      #expect(report.verdict == .passed, "\(variant.name): \(report)")
      #expect(report.executions >= 2)
    }
  }

  @Test(arguments: [false, true])
  func `dma-buf-fence: test_race_signal_callback`(before: Bool) {
    // One turn for each thread in place of 50 ms.
    row("test_race_signal_callback, \(before ? "before" : "after")") { lab in
      let fences = [Mock.enabled(context: 1), Mock.enabled(context: 2)]
      for number in 0...1 {
        lab.thread("racer \(number)", cpu: number) {
          let race = RaceRow(own: fences[number], peer: fences[1 - number])
          lab.expect(race.run(before: before), "the callback ran")
        }
      }
      lab.finally { for fence in fences { fence.put() } }
    }
  }

  @Test func `dma-buf-fence: test_wait_timeout`() {
    row("test_wait_timeout") { lab in
      let fence = Mock.enabled(context: 1)
      lab.thread("waiter", cpu: 0) { fence.wait() }
      lab.interrupt("timer", cpu: 0) { fence.signal() }
      lab.finally { fence.put() }
    }
  }

  @Test func `dma-buf-fence-chain: test_find_race`() {
    // Two nodes and two finders.
    row("test_find_race") { lab in
      guard let chains = Self.quietChains(2) else { return }
      for number in 0...1 {
        lab.thread("finder \(number)", cpu: number) {
          if case .failed = chains.find(1, from: chains.tail) {
            lab.expect(false, "the point is there")
          }
          if number == 0 { chains.fences[0].signal() }
        }
      }
      lab.finally { chains.end() }
    }
  }

  /// A chain whose nodes nobody waits for yet, so that no interrupt work is due.
  private static func quietChains(_ count: Int) -> Chains? {
    Chains(count, enablesSignaling: false)
  }
}
