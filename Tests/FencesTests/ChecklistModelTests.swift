import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The checklist's two-sided points, in every interleaving.
@Suite(.serialized)
struct ChecklistModelTests {
  @Test func `3 · adding races signaling: the callback runs, or the adder is told`() {
    let outcomes = Outcomes()
    let report = explore("add against signal") { lab in
      let fence = Plain.fence()
      let counting = Counting()
      let told = lab.allocate(Word<UInt32>(0))
      lab.thread("adder", cpu: 0) {
        if (try? counting.add(to: fence)) == nil { told.record.store(1, .relaxed) }
      }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        let (calls, wasTold) = (counting.calls, told.record.load(.relaxed))
        outcomes.note(UInt64(calls), UInt64(wasTold))
        lab.free(told)
        counting.free()
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[1, 0], [0, 1]])
  }

  @Test func `5 · removing races signaling: the callback ran to its end, or never will`() {
    let outcomes = Outcomes()
    let report = explore("remove against signal") { lab in
      let fence = Plain.fence()
      let counting = Counting()
      try? counting.add(to: fence)
      let removed = lab.allocate(Word<UInt32>(0))
      lab.thread("remover", cpu: 0) {
        let wasRemoved = fence.removeCallback(counting.handle)
        removed.record.store(wasRemoved ? 1 : 0, .relaxed)
        // Safe in both cases: nobody touches the record any more.
        lab.expect(counting.calls == (wasRemoved ? 0 : 1), "called once or removed")
        counting.free()
      }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        outcomes.note(UInt64(removed.record.load(.relaxed)))
        lab.free(removed)
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[0], [1]])
  }

  @Test func `5 · of two signalers one signals, and the callback runs once`() {
    let report = explore("two signalers") { lab in
      let fence = Plain.fence()
      let counting = Counting()
      try? counting.add(to: fence)
      let firsts = lab.allocate(Word<UInt32>(0))
      for cpu in 0...1 {
        lab.thread("signaler \(cpu)", cpu: cpu) {
          if !fence.checkAndSignal() { _ = firsts.record.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally {
        lab.expect(counting.calls == 1, "the callback runs once")
        lab.expect(firsts.record.load(.relaxed) == 1, "one call signaled")
        lab.free(firsts)
        counting.free()
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `9 · two adders at once enable signaling once`() {
    let report = explore("two adders") { lab in
      let (driver, fence) = Driver.make()
      let callbacks = [Counting(), Counting()]
      for cpu in 0...1 {
        lab.thread("adder \(cpu)", cpu: cpu) { try? callbacks[cpu].add(to: fence) }
      }
      lab.finally {
        lab.expect(driver.record.enableCalls.value == 1, "the driver is asked once")
        fence.signal()
        for callback in callbacks {
          lab.expect(callback.calls == 1, "each callback runs once")
          callback.free()
        }
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `10 · two polls at once signal once`() {
    let report = explore("two polls") { lab in
      let (driver, fence) = Driver.make()
      let counting = Counting()
      try? counting.add(to: fence)
      driver.record.isDone.value = true
      for cpu in 0...1 {
        lab.thread("poller \(cpu)", cpu: cpu) {
          fence.withLock { lab.expect(fence.isSignaledLocked(), "the driver is done") }
        }
      }
      lab.finally {
        lab.expect(counting.calls == 1, "the callback runs once")
        counting.free()
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `12 · the last of two puts frees the fence, whichever it is`() {
    let report = explore("two puts") { lab in
      let fence = Plain.fence()
      fence.get()
      for cpu in 0...1 {
        lab.thread("owner \(cpu)", cpu: cpu) { fence.put() }
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `12 · one put too many is found`() {
    let report = explore("a put too many") { lab in
      let fence = Plain.fence()
      for cpu in 0...1 {
        lab.thread("owner \(cpu)", cpu: cpu) { fence.put() }
      }
    }
    #expect(report.verdict != .passed)
  }

  @Test func `14 · a table freed a grace period after signaling is never used again`() {
    let report = explore("unload after a grace period") { lab in
      let (fence, table) = Unloadable.make()
      lab.thread("reader", cpu: 0) { _ = fence.driverName }
      lab.thread("driver", cpu: 1) {
        fence.signal()
        RCU.synchronize()
        Machine.free(table)
      }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `14 · a table freed right after signaling is used after its end`() {
    let report = explore("unload at once") { lab in
      let (fence, table) = Unloadable.make()
      lab.thread("reader", cpu: 0) { _ = fence.driverName }
      lab.thread("driver", cpu: 1) {
        fence.signal()
        Machine.free(table)
      }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == .useAfterFree, "\(report)")
  }
}

/// A fence whose driver can be unloaded.
enum Unloadable {
  static func make() -> (Fence, Object<FenceOperations>) {
    let table = Machine.allocate(
      FenceOperations(driverName: { _ in "unloadable" }, timelineName: { _ in "line" }))
    return (Fence.make(operations: table, context: 7, seqno: 1), table)
  }
}

/// Collects what executions ended with. All executions of one exploration share one OS thread.
// Safety: only the exploring thread touches it while the exploration runs.
final class Outcomes: @unchecked Sendable {
  private(set) var set: Set<[UInt64]> = []

  func note(_ values: UInt64...) { set.insert(values) }
}
