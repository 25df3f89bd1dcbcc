import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The rules of a fence's life after every step of every interleaving, with nothing left out.
@Suite(.serialized)
struct InvariantModelTests {
  private func everyState(
    of name: String, _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.reduction = .none
    let report = explore(name, options: options, scenario)
    print("\(name): \(report.executions) executions, \(report.steps) steps")
    return report
  }

  private func expectSound(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    let report = everyState(of: name, scenario)
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `I1 to I10 hold while a callback is added and the fence signaled`() {
    expectSound("add against signal") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      let watch = FenceWatch(lab, [fence], [callback])
      lab.thread("adder", cpu: 0) { callback.add() }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while a callback is removed and the fence signaled`() {
    expectSound("remove against signal") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      callback.add()
      let watch = FenceWatch(lab, [fence], [callback])
      lab.thread("remover", cpu: 0) { callback.remove() }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while two signal`() {
    expectSound("signal against signal") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      callback.add()
      let watch = FenceWatch(lab, [fence], [callback])
      for cpu in 0...1 {
        lab.thread("signaler \(cpu)", cpu: cpu) { fence.signal() }
      }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while a driver that is done is asked under the lock`() {
    expectSound("poll against signal") { lab in
      let (driver, fence) = Driver.make()
      driver.record.isDone.value = true
      let callback = WatchedCallback(on: fence)
      callback.add()
      let watch = FenceWatch(lab, [fence], [callback])
      lab.thread("poller", cpu: 0) { _ = fence.withLock { fence.isSignaledLocked() } }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while a driver cannot enable signaling`() {
    expectSound("enable against signal") { lab in
      let (driver, fence) = Driver.make()
      driver.record.enables.value = false
      let watch = FenceWatch(lab, [fence])
      lab.thread("enabler", cpu: 0) { fence.enableSignaling() }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while an error is handed over and asked for`() {
    expectSound("status against signal") { lab in
      let fence = Plain.fence()
      let watch = FenceWatch(lab, [fence])
      lab.thread("signaler", cpu: 0) {
        fence.setError(.inputOutput)
        fence.signal()
      }
      lab.thread("asker", cpu: 1) { lab.expect(fence.status() != .done, "no error is lost") }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  @Test func `I1 to I10 hold while the owners of a fence let go of it`() {
    expectSound("put against signal") { lab in
      let fence = Plain.fence()
      let watch = FenceWatch(lab, [fence.get()])
      lab.thread("signaler", cpu: 0) {
        fence.signal()
        fence.put()
      }
      lab.thread("owner", cpu: 1) { fence.put() }
      lab.finally { watch.end(lab) }
    }
  }

  @Test func `I1 to I10 hold while somebody sleeps and an interrupt signals`() {
    expectSound("wait against interrupt") { lab in
      let fence = Plain.fence()
      let watch = FenceWatch(lab, [fence])
      lab.thread("waiter", cpu: 0) { fence.wait() }
      lab.interrupt("completion", cpu: 0) { fence.signal() }
      lab.finally {
        watch.end(lab)
        fence.put()
      }
    }
  }

  // MARK: - Programs that break a rule

  /// The sentence of a broken rule, if one is broken.
  private func sentence(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) -> String {
    everyState(of: name, scenario).failure?.message ?? "passed"
  }

  @Test func `I1, I10 · a fence that is submitted again is armed again`() {
    let found = sentence("resubmission") { lab in
      let (_, fence) = Driver.make()
      _ = FenceWatch(lab, [fence])
      lab.thread("driver", cpu: 0) {
        fence.signal()
        fence.initialise(operations: Driver.operations, context: 9, seqno: 1)
      }
    }
    #expect(found.contains("1: a signaled") && found.contains("10: a fence"), "\(found)")
  }

  @Test func `I2 · a callback that is called by hand as well runs twice`() {
    let found = sentence("called twice") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      callback.add()
      _ = FenceWatch(lab, [fence], [callback])
      lab.thread("signaler", cpu: 0) { fence.signal() }
      lab.thread("impatient", cpu: 1) { fence.withLock { callback.run() } }
    }
    #expect(found.hasPrefix("2: "), "\(found)")
  }

  @Test func `I3 · a callback that is called without the lock is seen`() {
    let found = sentence("called without the lock") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      _ = FenceWatch(lab, [fence], [callback])
      lab.thread("impatient", cpu: 0) { callback.run() }
    }
    #expect(found.hasPrefix("3: "), "\(found)")
  }

  @Test func `I8 · the last reference is lost while a callback waits`() {
    let found = sentence("lost") { lab in
      let fence = Plain.fence()
      let callback = WatchedCallback(on: fence)
      callback.add()
      _ = FenceWatch(lab, [fence], [callback])
      lab.thread("owner", cpu: 0) { fence.put() }
    }
    #expect(found.hasPrefix("8: "), "\(found)")
  }

  @Test func `I9 · a fence that nobody signals is seen in the end`() {
    let found = sentence("forgotten") { lab in
      let fence = Plain.fence()
      let watch = FenceWatch(lab, [fence])
      lab.thread("poller", cpu: 0) { _ = fence.isSignaled() }
      lab.finally { watch.end(lab) }
    }
    #expect(found.hasPrefix("9: "), "\(found)")
  }
}

/// The rules on pictures drawn by hand: what no driver can do with our interface.
struct SnapshotTests {
  /// A fence that nobody has touched.
  private let before: FenceSnapshot = {
    let fence = Plain.fence()
    defer { fence.put() }
    return fence.snapshot()
  }()

  private func numbers(
    _ earlier: FenceSnapshot, _ change: (inout FenceSnapshot) -> Void
  ) -> [String] {
    var later = earlier
    change(&later)
    return later.violations(since: earlier).map { String($0.prefix { $0 != ":" }) }
  }

  /// As it stands in the middle of signaling, with the lock held.
  private var signaled: FenceSnapshot {
    var fence = before
    fence.set(.signaled)
    fence.isLockHeld = true
    return fence
  }

  @Test func `each rule has a change that breaks it`() {
    #expect(numbers(signaled) { $0.clear(.signaled) } == ["1", "10"])
    #expect(numbers(before) { $0.set(.signaled) } == ["3"])
    #expect(numbers(signaled) { $0.error = -5 } == ["4"])
    #expect(numbers(before) { $0.operations = 0 } == ["5", "6"])
    #expect(numbers(signaled) { $0.operations = 65 } == ["6"])
    #expect(numbers(before) { $0.context = 8 } == ["7"])
    #expect(numbers(before) { $0.seqno = 2 } == ["7"])
    #expect(numbers(before) { $0.lock = 256 } == ["7"])
    #expect(numbers(before) { $0.set(.seqno64) } == ["7"])
    #expect(numbers(before) { ($0.references, $0.hasCallbacks) = (0, true) } == ["8"])
    var ended = before
    ended.references = 0
    #expect(numbers(ended) { $0.references = 1 } == ["10"])
  }

  @Test func `what a fence goes through breaks none`() {
    let steps: [(inout FenceSnapshot) -> Void] = [
      { $0.hasCallbacks = true },
      { ($0.isLockHeld, $0.hasCallbacks) = (true, false) },
      { $0.error = -5 },
      { $0.set(.signaled) },
      { $0.operations = 0 },
      { $0.set(.timestamp) },
      { $0.isLockHeld = false },
      { $0.references = 0 },
    ]
    var fence = before
    for step in steps {
      #expect(numbers(fence, step) == [])
      step(&fence)
    }
  }
}
