import Explorer
import Kernel
import Machine
import Testing

/// Running threads that start others, in weak memory.
struct StartedThreadsModelTests {
  /// Two threads leave work behind, each after it has read what the other wrote.
  private func bothDefer(swapped: Bool) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    return explore("both defer", options: options) { lab in
      let words = [lab.allocate(Word<UInt32>(0)), lab.allocate(Word<UInt32>(0))]
      let done = lab.allocate(Word<UInt32>(0))
      for cpu in swapped ? [1, 0] : [0, 1] {
        lab.thread("thread \(cpu)", cpu: cpu) {
          let found = words[1 - cpu].record.load(.relaxed)
          RCU.call { _ = done.record.fetchAdd(1, .relaxed) }
          words[cpu].record.store(1 + found, .relaxed)
        }
      }
      lab.finally {
        lab.expect(done.record.load(.relaxed) == 2, "both calls were made")
        (words + [done]).forEach(lab.free)
      }
    }
  }

  @Test func `two threads that both leave work behind keep their lanes`() {
    let report = bothDefer(swapped: false)
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions == 6)
    #expect(report.executions == bothDefer(swapped: true).executions)
  }

  @Test func `who comes first in one execution and last in another keeps its lane`() {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("the first waits for the second", options: options) { lab in
      let open = lab.allocate(Word<UInt32>(0))
      let done = lab.allocate(Word<UInt32>(0))
      lab.thread("first", cpu: 0) {
        lab.spin(until: open.record.equals(1, .acquire, edge: "test.open"))
        RCU.call { _ = done.record.fetchAdd(1, .relaxed) }
      }
      lab.thread("second", cpu: 1) {
        RCU.call { _ = done.record.fetchAdd(2, .relaxed) }
        open.record.store(1, .release, edge: "test.open")
      }
      lab.finally {
        lab.expect(done.record.load(.relaxed) == 3, "both calls were made")
        lab.free(open)
        lab.free(done)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions == 2)
  }

  @Test(arguments: [false, true])
  func `a failure after both left work behind is replayed`(isSecondFirst: Bool) throws {
    var options = ExplorationOptions()
    options.memory = .weak
    let scenario: @Sendable (Lab) -> Void = { lab in
      let order = lab.allocate(Word<UInt32>(0))
      for cpu in 0...1 {
        lab.thread("thread \(cpu)", cpu: cpu) {
          RCU.call {
            let before = order.record.exchange(UInt32(cpu) + 1, .full)
            lab.expect(before != (isSecondFirst ? 2 : 1), "the other call came first")
          }
        }
      }
      lab.finally { lab.free(order) }
    }
    let report = explore("order of deferred calls", options: options, scenario)
    #expect(report.verdict == .expectationFailed, "\(report)")
    let name = try #require(report.failure?.replay)
    guard case .failed(let again) = replay(name, of: "order of deferred calls", scenario) else {
      Issue.record("\(name) is not replayed")
      return
    }
    #expect(again.failure?.message == report.failure?.message)
    #expect(again.failure?.replay == name)
  }

  @Test func `a barrier waits for the calls it can know of, whoever is repeated first`() {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("barrier for another's call", options: options) { lab in
      let data = lab.allocate(Cell<UInt32>(0))
      let left = lab.allocate(Word<UInt32>(0))
      lab.thread("waiter", cpu: 0) {
        guard left.record.load(.acquire, edge: "test.left") == 1 else { return }
        RCU.barrier()
        lab.expect(data.record.value == 1, "the call has been made")
      }
      lab.thread("leaver", cpu: 1) {
        RCU.call { data.record.value = 1 }
        left.record.store(1, .release, edge: "test.left")
      }
      lab.finally {
        lab.free(data)
        lab.free(left)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions == 2)
  }

  @Test func `a barrier promises nothing about a call it cannot know of`() {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("barrier without order", options: options) { lab in
      let data = lab.allocate(Cell<UInt32>(0))
      lab.thread("waiter", cpu: 0) {
        RCU.barrier()
        lab.expect(data.record.value == 1, "the call has been made")
      }
      lab.thread("leaver", cpu: 1) { RCU.call { data.record.value = 1 } }
      lab.finally { lab.free(data) }
    }
    #expect(report.verdict == .dataRace || report.verdict == .expectationFailed, "\(report)")
  }
}
