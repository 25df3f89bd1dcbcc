import Explorer
import Kernel
import Machine
import Testing

/// What a failure in weak memory looks like, and that its name leads to it again.
struct GraphReplayTests {
  private struct Shared: ~Copyable {
    let x = Word<UInt64>(0)
    let y = Word<UInt64>(0)
    let plain = Cell<UInt64>(0)
    let lock = SpinLock()
  }

  private func check(
    _ verdict: Verdict, _ scenario: @escaping @Sendable (Lab) -> Void
  ) throws -> FailureReport {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("replayed", options: options, scenario)
    #expect(report.verdict == verdict)
    let failure = try #require(report.failure)
    guard case .failed(let again) = replay(failure.replay, of: "replayed", scenario) else {
      Issue.record("the replay did not fail: \(failure.replay)")
      return failure
    }
    #expect(again.executions == 1)
    #expect(again.failure?.rule == failure.rule)
    #expect(again.failure?.replay == failure.replay)
    #expect(again.failure?.steps.map(\.event) == failure.steps.map(\.event))
    return failure
  }

  @Test func `a stale read says which store it misses`() throws {
    let failure = try check(.expectationFailed) { lab in
      let shared = lab.allocate(Shared())
      let seen = lab.allocate(Shared())
      lab.thread("one", cpu: 0) {
        shared.record.x.store(1, .relaxed)
        seen.record.x.store(shared.record.y.load(.relaxed), .relaxed)
      }
      lab.thread("other", cpu: 1) {
        shared.record.y.store(1, .relaxed)
        seen.record.y.store(shared.record.x.load(.relaxed), .relaxed)
      }
      lab.finally {
        lab.expect(
          seen.record.x.load(.relaxed) + seen.record.y.load(.relaxed) > 0, "one sees the other")
        lab.free(shared)
        lab.free(seen)
      }
    }
    #expect(failure.steps.contains { $0.event.contains("not yet 1") })
  }

  @Test func `a race marks both accesses`() throws {
    let failure = try check(.dataRace) { lab in
      let shared = lab.allocate(Shared())
      lab.thread("writer", cpu: 0) {
        shared.record.plain.value = 1
        shared.record.y.store(1, .relaxed)
      }
      lab.thread("reader", cpu: 1) {
        if shared.record.y.load(.acquire) == 1 { _ = shared.record.plain.value }
      }
      lab.finally { lab.free(shared) }
    }
    #expect(failure.steps.compactMap(\.mark) == [.partner, .broke])
  }

  @Test func `a handler that waits for what it interrupted is a deadlock`() throws {
    let failure = try check(.deadlock) { lab in
      let shared = lab.allocate(Shared())
      lab.thread("task", cpu: 0) {
        shared.record.lock.lock()
        shared.record.plain.value += 1
        shared.record.lock.unlock()
      }
      lab.interrupt("handler", cpu: 0) {
        shared.record.lock.lock()
        shared.record.lock.unlock()
      }
      lab.finally { lab.free(shared) }
    }
    #expect(failure.rule == "deadlock/interrupt")
    #expect(failure.steps.contains { $0.event == "interrupt" })
    #expect(failure.steps.last?.event == "lock: waits for ever")
  }

  @Test func `another program is refused at the step where it differs`() throws {
    let first = try check(.dataRace) { lab in
      let shared = lab.allocate(Shared())
      for cpu in 0...1 { lab.thread("t\(cpu)", cpu: cpu) { shared.record.plain.value = 1 } }
      lab.finally { lab.free(shared) }
    }
    let outcome = replay(first.replay, of: "replayed") { lab in
      let shared = lab.allocate(Shared())
      for cpu in 0...1 { lab.thread("t\(cpu)", cpu: cpu) { shared.record.x.store(1, .relaxed) } }
      lab.finally { lab.free(shared) }
    }
    guard case .refused(let step, _) = outcome else {
      Issue.record("it was not refused: \(outcome)")
      return
    }
    #expect(step == 1)
  }

  @Test func `a handler fires again where the task takes a step that orders nothing`() throws {
    _ = try check(.expectationFailed) { lab in
      let shared = lab.allocate(Shared())
      lab.interrupt("handler", cpu: 0) {
        lab.expect(shared.record.x.load(.relaxed) != 1, "the handler misses the step between")
      }
      lab.thread("task", cpu: 0) {
        for value in 1...2 { shared.record.x.store(UInt64(value), .relaxed) }
      }
      lab.finally { lab.free(shared) }
    }
  }
}
