import Fences
import Kernel
import Machine
import Testing

struct WaitingTests {
  @Test func `a wait on a signaled fence returns its time unchanged`() throws {
    let fence = Plain.fence()
    fence.signal()
    #expect(try fence.wait(interruptible: false, timeout: Jiffies(17)) == Jiffies(17))
    #expect(try fence.wait(interruptible: false, timeout: .max) == .max)
    fence.put()
  }

  @Test func `a signaled fence beats a pending signal at the entry`() {
    let fence = Plain.fence()
    fence.signal()
    let thread = KernelThread.start("waiter") {
      KernelTask.current.sendSignal()
      let left = try? fence.wait(interruptible: true, timeout: Jiffies(3))
      Machine.expect(left == Jiffies(3), "the pending signal does not matter any more")
      KernelTask.current.clearSignal()
    }
    thread.join()
    fence.put()
  }

  @Test func `a pending signal does not end an uninterruptible wait`() {
    let fence = Plain.fence()
    let waiting = Waiting(on: fence, interruptible: false)
    waiting.sendSignal()
    fence.signal()
    #expect(waiting.join() == Int64(Jiffies.max.count))
    fence.put()
  }

  @Test func `a sleeper that finds both a signaled fence and a signal reports the signal`() {
    let fence = Plain.fence()
    let waiting = Waiting(on: fence, interruptible: true)
    fence.withLock {
      fence.signalLocked()
      waiting.sendSignal()
    }
    #expect(waiting.join() == -512)
    fence.put()
  }

  @Test func `a woken sleeper returns the time that is left`() {
    let fence = Plain.fence()
    let waiting = Waiting(on: fence, interruptible: false, timeout: Jiffies(1_000_000))
    fence.signal()
    let left = waiting.join()
    #expect(left > 0 && left <= 1_000_000)
    fence.put()
  }

  @Test func `a wait without end returns without end`() {
    let fence = Plain.fence()
    let waiting = Waiting(on: fence, interruptible: true)
    fence.signal()
    #expect(waiting.join() == Int64(Jiffies.max.count))
    fence.put()
  }

  @Test func `a wait whose time runs out returns zero and leaves the list`() throws {
    let fence = Plain.fence()
    #expect(try fence.wait(interruptible: true, timeout: Jiffies(2)) == .zero)
    #expect(fence.hasCallbacks == false)
    fence.put()
  }

  @Test func `a negative time is refused with a warning`() {
    let fence = Plain.fence()
    let log = WarningLog()
    #expect(throws: Errno.invalidArgument) {
      try log.collect {
        _ = try fence.wait(interruptible: false, timeout: Jiffies(-1))
      }
    }
    #expect(log.messages.count == 1)
    fence.put()
  }

  @Test func `a wait without time enables signaling, and that can signal the fence`() throws {
    let (driver, fence) = Driver.make()
    driver.record.enables.value = false
    #expect(try fence.wait(interruptible: false, timeout: .zero) == Jiffies(1))
    #expect(driver.record.enableCalls.value == 1)
    fence.put()
  }

  @Test func `a wait never asks the driver whether it is done`() throws {
    let (driver, fence) = Driver.make()
    driver.record.isDone.value = true
    #expect(try fence.wait(interruptible: false, timeout: .zero) == .zero)
    #expect(driver.record.pollCalls.value == 0)
    fence.put()
  }

  @Test func `a driver's own wait is called outside a read section and its result returned`()
    throws
  {
    let operations = Machine.permanent(
      FenceOperations(
        driverName: { _ in "own" }, timelineName: { _ in "line" },
        wait: { _, interruptible, timeout in
          RCU.synchronize()
          return interruptible ? .failure(.inputOutput) : .success(timeout)
        }))
    let fence = Fence.make(operations: operations, context: 7, seqno: 1)
    fence.signal()
    #expect(fence.hasOperations)
    #expect(try fence.wait(interruptible: false, timeout: Jiffies(4)) == Jiffies(4))
    #expect(throws: Errno.inputOutput) { try fence.wait(interruptible: true) }
    fence.put()
  }

  @Test func `sleepers are woken before ordinary callbacks run`() throws {
    let fence = Plain.fence()
    let seen = Machine.permanent(Word<UInt32>(0))
    let callback = Machine.permanent(FenceCallback())
    let task = Machine.permanent(Word<KernelTask?>(nil))
    try fence.addCallback(callback) { _, _ in
      let state = task.record.load(.relaxed)?.state
      seen.record.store(state == .running ? 1 : 2, .relaxed)
    }
    let waiter = KernelThread.start("waiter") {
      task.record.store(KernelTask.current, .relaxed)
      fence.wait()
    }
    var known: KernelTask?
    while known?.state != .uninterruptible { known = task.record.load(.relaxed) }
    fence.signal()
    waiter.join()
    #expect(seen.record.load(.relaxed) == 1)
    fence.put()
  }

  @Test func `waiting where nobody may sleep is warned about, even on a signaled fence`() {
    let fence = Plain.fence()
    fence.signal()
    let log = WarningLog()
    log.collect { RCU.withReadLock { fence.wait() } }
    #expect(log.messages == ["sleeping in atomic context"])
    fence.put()
  }
}
