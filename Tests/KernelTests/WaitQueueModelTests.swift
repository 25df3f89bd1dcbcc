import Explorer
import Kernel
import Machine
import Testing

/// Waking one of several waiters, in every order.
@Suite(.serialized)
struct WaitQueueModelTests {
  private struct Tokens: ~Copyable {
    let queue = WaitQueue()
    let count = Word<UInt32>(0)

    func give() {
      _ = count.fetchAdd(1, .relaxed)
      queue.wakeOne()
    }

    func take() {
      _ = try? queue.wait {
        let seen = count.load(.relaxed)
        return seen > 0 && count.compareExchange(seen, with: seen - 1, .full) == seen
      }
    }
  }

  /// Two tasks that each need a token, and as many tokens, each of which wakes one.
  private func report(tokens: Int) -> ExplorationReport {
    explore("tokens", options: ExplorationOptions()) { lab in
      let shared = lab.allocate(Tokens())
      shared.record.queue.initialise()
      for cpu in 0...1 {
        lab.thread("taker \(cpu)", cpu: cpu) { shared.record.take() }
      }
      lab.thread("giver", cpu: 2) {
        for _ in 0..<tokens { shared.record.give() }
      }
      lab.finally {
        lab.expect(shared.record.count.load(.relaxed) == 0, "each took one")
        lab.free(shared)
      }
    }
  }

  @Test func `who is woken alone makes way for the next one`() {
    let report = report(tokens: 2)
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `who is not woken sleeps on`() {
    let report = report(tokens: 1)
    #expect([.deadlock, .endlessWait].contains(report.verdict), "\(report)")
  }
}
