import Kernel
import Machine
import Simulator
import Testing

/// Two locks of two classes, and what a run does with them.
private struct Locks: Sendable {
  let one = Machine.allocate(SpinLock())
  let other = Machine.allocate(SpinLock())

  init(_ first: StaticString = "one", _ second: StaticString = "other") {
    one.record.initialise(class: first)
    other.record.initialise(class: second)
  }

  func free() {
    Machine.free(one)
    Machine.free(other)
  }

  func take(_ outer: Object<SpinLock>, _ inner: Object<SpinLock>) {
    outer.record.lockIRQSave()
    inner.record.lock()
    inner.record.unlock()
    outer.record.unlockIRQRestore()
  }
}

private func report(
  _ body: @escaping @Sendable (Simulation, Locks) -> Void
) -> SimulationReport {
  Simulation.run("locks", checksLockOrder: true) { lab in
    let locks = Locks()
    body(lab, locks)
    lab.finally { locks.free() }
  }
}

private func problem(
  _ body: @escaping @Sendable (Simulation, Locks) -> Void
) -> String? {
  let report = report(body)
  #expect(report.isClean == (report.lockOrder?.problem == nil))
  return report.lockOrder?.problem
}

@Suite struct LockOrderTests {
  @Test func `two locks taken both ways round are reported, though nothing deadlocked`() {
    let found = problem { lab, locks in
      lab.thread("first", cpu: 0) { locks.take(locks.one, locks.other) }
      lab.thread("second", cpu: 1, at: 10_000) { locks.take(locks.other, locks.one) }
    }
    #expect(found?.contains("first takes a lock of class other while it holds") == true)
    #expect(found?.contains("second takes a lock of class one while it holds") == true)
  }

  @Test func `two locks taken one way round are not`() {
    let report = report { lab, locks in
      lab.thread("first", cpu: 0) { locks.take(locks.one, locks.other) }
      lab.thread("second", cpu: 1, at: 10_000) { locks.take(locks.one, locks.other) }
    }
    #expect(report.isClean)
    #expect(report.lockOrder?.classCount == 2)
    #expect(report.lockOrder?.pairCount == 1)
  }

  @Test(arguments: [true, false])
  func `a lock of a handler must be taken with interrupts off`(masks: Bool) {
    let found = problem { lab, locks in
      lab.thread("task", cpu: 0) {
        if masks { Machine.disableInterrupts() }
        locks.one.record.lock()
        locks.one.record.unlock()
        if masks { Machine.restoreInterrupts() }
      }
      lab.interrupt("handler", cpu: 0, at: 10_000) {
        locks.one.record.lock()
        locks.one.record.unlock()
      }
    }
    #expect((found == nil) == masks, "\(found ?? "")")
  }

  @Test(arguments: [true, false])
  func `a lock that leads to a handler's lock counts, too`(masks: Bool) {
    let found = problem { lab, locks in
      lab.thread("task", cpu: 0) {
        if masks { Machine.disableInterrupts() }
        locks.other.record.lock()
        locks.other.record.unlock()
        if masks { Machine.restoreInterrupts() }
      }
      lab.interrupt("handler", cpu: 0, at: 10_000) {
        locks.one.record.lock()
        locks.other.record.lock()
        locks.other.record.unlock()
        locks.one.record.unlock()
      }
    }
    #expect((found == nil) == masks, "\(found ?? "")")
  }

  @Test(arguments: [true, false])
  func `two locks of one class need a subclass`(hasSubclass: Bool) {
    let report = Simulation.run("one class", checksLockOrder: true) { lab in
      let locks = Locks("twin", "twin")
      lab.thread("task", cpu: 0) {
        locks.one.record.lockIRQSave()
        locks.other.record.lock(subclass: hasSubclass ? 1 : 0)
        locks.other.record.unlock()
        locks.one.record.unlockIRQRestore()
      }
      lab.finally { locks.free() }
    }
    #expect((report.lockOrder?.problem == nil) == hasSubclass)
  }

  @Test(arguments: [true, false])
  func `whoever must signal waits for nothing that a waiter may hold`(signals: Bool) {
    let found = problem { lab, locks in
      lab.thread("waiter", cpu: 0) {
        locks.one.record.lock()
        Kernel.mayWaitForFence()
        locks.one.record.unlock()
      }
      lab.thread("signaler", cpu: 1, at: 10_000) {
        if signals { Kernel.beginSignaling() }
        locks.one.record.lock()
        locks.one.record.unlock()
        if signals { Kernel.endSignaling() }
      }
    }
    #expect((found != nil) == signals, "\(found ?? "")")
  }

  @Test(arguments: [true, false])
  func `a try may go against the order`(tries: Bool) {
    let found = problem { lab, locks in
      lab.thread("first", cpu: 0) { locks.take(locks.one, locks.other) }
      lab.thread("second", cpu: 1, at: 10_000) {
        Machine.disableInterrupts()
        locks.other.record.lock()
        if tries { _ = locks.one.record.tryLock() } else { locks.one.record.lock() }
        locks.one.record.unlock()
        locks.other.record.unlock()
        Machine.restoreInterrupts()
      }
    }
    #expect((found == nil) == tries, "\(found ?? "")")
  }

  @Test(arguments: [true, false])
  func `the lock of an object that has ended is not taken`(hasEnded: Bool) {
    let report = Simulation.run("an old lock") { lab in
      let locks = Locks()
      lab.thread("task", cpu: 0) {
        if hasEnded { Machine.free(locks.one) }
        locks.one.record.lock()
        locks.one.record.unlock()
        if !hasEnded { Machine.free(locks.one) }
        Machine.free(locks.other)
      }
    }
    let found = report.failures.contains { $0.message.contains("that has ended") }
    #expect(found == hasEnded, "\(report.failures)")
  }

  @Test func `nobody who did not ask pays for the order`() {
    #expect(Simulation.run("nothing") { _ in }.lockOrder == nil)
  }
}
