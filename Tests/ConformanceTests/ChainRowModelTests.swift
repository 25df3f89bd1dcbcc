import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The rows that wait for a whole chain, in every interleaving, with two nodes in place of 4096.
@Suite(.serialized)
struct ChainRowModelTests {
  @Test func `dma-buf-fence-chain: test_wait_forward`() {
    wait("test_wait_forward", isReversed: { _ in false }, outcomes: ["forward"])
  }

  @Test func `dma-buf-fence-chain: test_wait_backward`() {
    wait("test_wait_backward", isReversed: { _ in true }, outcomes: ["backward"])
  }

  @Test func `dma-buf-fence-chain: test_wait_random`() {
    // Of two fences there are two orders, and both are explored.
    wait(
      "test_wait_random", isReversed: { $0.choose(below: 2, "order") == 1 },
      outcomes: ["backward", "forward"])
  }

  private func wait(
    _ name: String, isReversed: @escaping @Sendable (Lab) -> Bool, outcomes: Set<String>
  ) {
    let report = explore(name) { lab in
      // Nobody waits for the nodes before the waiter does, so that no interrupt work is due.
      guard let chains = Chains(2, enablesSignaling: false) else { return }
      let fences = isReversed(lab) ? chains.fences.reversed() : chains.fences
      lab.thread("waiter", cpu: 0) { chains.tail?.wait() }
      lab.thread("signaler", cpu: 1) { for fence in fences { fence.signal() } }
      lab.finally {
        lab.outcome(fences == chains.fences ? "forward" : "backward")
        chains.end()
      }
    }
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(Set((report.outcomes ?? []).map(\.outcome)) == outcomes)
    #expect(report.executions >= 2)
  }
}
