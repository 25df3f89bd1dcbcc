import Fences
import Kernel
import Machine
import Testing

/// What a port must reproduce, point by point; the two-sided points again in every interleaving
/// in `ChecklistModelTests`.
@Suite struct ChecklistTests {
  @Test func `1 · a second signal is a no-op and leaves the timestamp`() {
    let fence = Plain.fence()
    fence.signal(at: 100)
    fence.signal(at: 200)
    #expect(fence.isSignaled())
    #expect(fence.timestamp() == 100)
    #expect(fence.checkAndSignal())
    #expect(fence.invariantViolations() == [])
    fence.put()
  }

  @Test func `2 · adding to a signaled fence fails, calls nothing, and removing says false`() {
    let fence = Plain.fence()
    fence.signal()
    let counting = Counting()
    #expect(throws: Errno.noEntry) { try counting.add(to: fence) }
    #expect(counting.calls == 0)
    #expect(fence.removeCallback(counting.handle) == false)
    counting.free()
    fence.put()
  }

  @Test func `3 · an added callback is called once, under the lock, and removing says false`()
    throws
  {
    let fence = Plain.fence()
    let counting = Counting()
    try counting.add(to: fence)
    #expect(counting.calls == 0)
    fence.signal()
    fence.signal()
    #expect(counting.calls == 1)
    #expect(counting.sawLock)
    #expect(fence.removeCallback(counting.handle) == false)
    counting.free()
    fence.put()
  }

  @Test func `4 · a removed callback is not called`() throws {
    let fence = Plain.fence()
    let counting = Counting()
    try counting.add(to: fence)
    #expect(fence.invariantViolations() == [])
    #expect(fence.removeCallback(counting.handle))
    #expect(fence.removeCallback(counting.handle) == false)
    fence.signal()
    #expect(counting.calls == 0)
    counting.free()
    fence.put()
  }

  @Test
  func `5 · threads that add, remove and signal call or remove each callback once`() {
    for _ in 0..<50 {
      let fence = Plain.fence()
      let ends = Machine.permanent(Word<UInt32>(0))
      let threads = (0..<3).map { number in
        KernelThread.start("adder \(number)") {
          let counting = Counting()
          guard (try? counting.add(to: fence)) != nil else { return counting.free() }
          let removed = fence.removeCallback(counting.handle)
          if removed != (counting.calls == 0) { _ = ends.record.fetchAdd(1, .relaxed) }
          counting.free()
        }
      }
      fence.signal()
      for thread in threads { thread.join() }
      #expect(ends.record.load(.relaxed) == 0)
      #expect(fence.invariantViolations() == [])
      fence.put()
    }
  }

  @Test func `6 · a wait without time says 1 if signaled and 0 if not`() throws {
    let fence = Plain.fence()
    #expect(try fence.wait(interruptible: false, timeout: .zero) == .zero)
    fence.signal()
    #expect(try fence.wait(interruptible: false, timeout: .zero) == Jiffies(1))
    fence.put()
  }

  @Test func `7 · an interruptible wait ends with a pending signal`() {
    let fence = Plain.fence()
    let atEntry = KernelThread.start("signaled already") {
      KernelTask.current.sendSignal()
      Machine.expect(
        throwsRestart { () throws(Errno) in try fence.wait(interruptible: true) },
        "a pending signal ends the wait at its entry")
      KernelTask.current.clearSignal()
    }
    atEntry.join()
    let waiting = Waiting(on: fence, interruptible: true)
    waiting.sendSignal()
    #expect(waiting.join() == -512)
    fence.put()
  }

  @Test func `8 · a driver that cannot enable signaling has its fence signaled`() {
    let (driver, fence) = Driver.make()
    driver.record.enables.value = false
    let counting = Counting()
    #expect(throws: Errno.noEntry) { try counting.add(to: fence) }
    #expect(fence.testSignaledFlag())
    #expect(counting.calls == 0)
    counting.free()
    fence.put()
  }

  @Test func `9 · signaling is enabled once for many adders`() throws {
    let (driver, fence) = Driver.make()
    let (one, other) = (Counting(), Counting())
    try one.add(to: fence)
    try other.add(to: fence)
    fence.enableSignaling()
    #expect(driver.record.enableCalls.value == 1)
    fence.signal()
    fence.enableSignaling()
    #expect(driver.record.enableCalls.value == 1)
    one.free()
    other.free()
    fence.put()
  }

  @Test func `10 · asking a driver that is done signals and runs the callbacks`() throws {
    let (driver, fence) = Driver.make()
    let counting = Counting()
    try counting.add(to: fence)
    #expect(fence.isSignaled() == false)
    driver.record.isDone.value = true
    #expect(fence.testSignaledFlag() == false)
    #expect(fence.isSignaled())
    #expect(counting.calls == 1)
    counting.free()
    fence.put()
  }

  @Test func `11 · an error set before signaling is the status, and after it a warning`() {
    let fence = Plain.fence()
    fence.setError(.inputOutput)
    #expect(fence.status() == .pending)
    fence.signal()
    #expect(fence.status() == .failed(.inputOutput))
    #expect(fence.status().kernelValue == -5)
    let log = WarningLog()
    log.collect { fence.setError(.cancelled) }
    #expect(log.messages == ["an error was set on a fence that is already signaled"])
    fence.put()
  }

  @Test func `12 · the last put with a pending callback signals a deadlock error`() throws {
    let (driver, fence) = Driver.make()
    let counting = Counting()
    try counting.add(to: fence)
    let log = WarningLog()
    let status = RCU.withReadLock {
      log.collect { fence.put() }
      return driver.record.storage.address == fence.machineAddress ? fence.status() : .pending
    }
    #expect(status == .failed(.deadlock))
    #expect(log.messages == ["a fence was released with pending signals"])
    #expect(counting.calls == 1)
    counting.free()
  }

  @Test func `13 · signaling detaches the driver, unless it has a release`() {
    let fence = Plain.fence()
    #expect(fence.driverName == "plain")
    #expect(fence.timelineName == "line")
    fence.signal()
    #expect(fence.hasOperations == false)
    #expect(fence.driverName == "detached-driver")
    #expect(fence.timelineName == "signaled-timeline")
    fence.put()

    let (_, embedded) = Driver.make()
    embedded.signal()
    #expect(embedded.hasOperations)
    #expect(embedded.driverName == "driver")
    embedded.put()
  }

  @Test
  func `14 · a reader keeps the operations usable, and a grace period waits for it`() {
    let gate = Machine.permanent(Gate())
    let table = Machine.allocate(
      FenceOperations(
        driverName: { _ in gate.record.pass() }, timelineName: { _ in "line" }))
    let fence = Fence.make(operations: table, context: 7, seqno: 1)
    let reader = KernelThread.start("reader") {
      Machine.expect(fence.driverName == "still there", "the reader got its driver's name")
    }
    Machine.spin(until: gate.record.entered.equals(1, .acquire, edge: "test.gate"))
    fence.signal()
    #expect(fence.hasOperations == false)
    let unloader = KernelThread.start("unloader") {
      RCU.synchronize()
      Machine.free(table)
      gate.record.unloaded.store(1, .relaxed)
    }
    for _ in 0..<10_000 { #expect(gate.record.unloaded.load(.relaxed) == 0) }
    gate.record.open.store(1, .release, edge: "test.gate")
    reader.join()
    unloader.join()
    fence.put()
  }

  @Test func `15 · narrow sequence numbers wrap and wide ones do not`() {
    let narrow = Plain.fence()
    #expect(narrow.isLater(1, than: 0xffff_ffff))
    #expect(narrow.isLater(0xffff_ffff, than: 1) == false)
    let storage = Machine.allocate(FenceStorage())
    let wide = Fence(storage)
    wide.initialiseWide(operations: Plain.operations, context: 7, seqno: 1)
    #expect(wide.isLater(1, than: 0xffff_ffff) == false)
    #expect(wide.isLater(0x1_0000_0000, than: 0xffff_ffff))
    narrow.put()
    wide.put()
  }
}

/// Whether the call ends with a pending signal.
func throwsRestart(_ body: () throws(Errno) -> Void) -> Bool {
  do throws(Errno) {
    try body()
    return false
  } catch {
    return error == .restartSystemCall
  }
}

/// Holds a reader inside its driver's callback until the test lets it go.
private struct Gate: ~Copyable {
  let entered = Word<UInt32>(0)
  let open = Word<UInt32>(0)
  let unloaded = Word<UInt32>(0)

  func pass() -> String {
    entered.store(1, .release, edge: "test.gate")
    Machine.spin(until: open.equals(1, .acquire, edge: "test.gate"))
    return "still there"
  }
}
