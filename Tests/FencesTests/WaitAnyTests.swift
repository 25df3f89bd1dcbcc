import Explorer
import Fences
import Kernel
import Machine
import Testing

struct WaitAnyTests {
  @Test func `no fences and negative timeouts are refused`() {
    let log = WarningLog()
    log.collect {
      #expect(throws: Errno.invalidArgument) {
        try Fence.waitAny([], interruptible: false, timeout: .max)
      }
      let fence = Plain.fence()
      #expect(throws: Errno.invalidArgument) {
        try Fence.waitAny([fence], interruptible: false, timeout: Jiffies(-1))
      }
      fence.put()
    }
    #expect(log.messages.count == 2)
  }

  @Test func `timeout zero asks the drivers and names the first that is done`() throws {
    let plain = Plain.fence()
    let (driver, fence) = Driver.make()
    var found = try Fence.waitAny([plain, fence], interruptible: false, timeout: .zero)
    #expect(found.left == .zero && found.index == nil)
    driver.record.isDone.value = true
    found = try Fence.waitAny([plain, fence], interruptible: false, timeout: .zero)
    #expect(found.left == Jiffies(1) && found.index == 1)
    for fence in [plain, fence] { fence.put() }
  }

  @Test func `a fence that is signaled already leaves the whole time`() throws {
    let (one, other) = (Plain.fence(), Plain.fence())
    other.signal()
    let found = try Fence.waitAny([one, other], interruptible: false, timeout: Jiffies(9))
    #expect(found.left == Jiffies(9) && found.index == 1)
    #expect(one.hasCallbacks == false)
    for fence in [one, other] { fence.put() }
  }

  @Test func `the time runs out where nobody signals, and a signal ends the sleep`() throws {
    let fence = Plain.fence()
    let found = try Fence.waitAny([fence], interruptible: false, timeout: Jiffies(1))
    #expect(found.left == .zero && found.index == nil)
    KernelTask.current.sendSignal()
    #expect(throws: Errno.restartSystemCall) {
      try Fence.waitAny([fence], interruptible: true, timeout: .max)
    }
    KernelTask.current.clearSignal()
    #expect(fence.hasCallbacks == false)
    fence.put()
  }
}

/// The same wait in every interleaving.
struct WaitAnyModelTests {
  @Test func `whichever of two fences is signaled ends the wait, and no memory is no wait`() {
    let outcomes = Outcomes()
    let report = explore("wait for any of two") { lab in
      let fences = [Plain.fence(), Plain.fence()]
      lab.thread("waiter", cpu: 0) {
        do throws(Errno) {
          let found = try Fence.waitAny(fences, interruptible: false, timeout: .max)
          lab.expect(found.left == .max, "time without end stays without end")
          outcomes.note(UInt64(found.index ?? 9))
        } catch {
          lab.expect(error == .noMemory, "nothing else can fail")
          outcomes.note(8)
        }
      }
      for number in 0...1 {
        lab.thread("signaler \(number)", cpu: 1 + number) { fences[number].signal() }
      }
      lab.finally { for fence in fences { fence.put() } }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[0], [1], [8]])
  }
}

@Suite struct DeadlineTests {
  @Test func `a deadline reaches the driver until the fence is signaled`() {
    let seen = Machine.permanent(Cell<UInt64>(0))
    let table = Machine.permanent(
      FenceOperations(
        driverName: { _ in "driver" }, timelineName: { _ in "line" },
        release: { $0.free() },
        setDeadline: { fence, deadline in fence.withLock { seen.record.value = deadline } }))
    let fence = Fence.make(operations: table, context: 7, seqno: 3)
    fence.setDeadline(50)
    fence.setDeadline(40)
    #expect(seen.record.value == 40)
    fence.signal()
    fence.setDeadline(30)
    #expect(seen.record.value == 40)
    fence.put()
    let plain = Plain.fence()
    plain.setDeadline(1)
    plain.put()
  }

  @Test func `a description has names until the fence is signaled`() {
    let fence = Plain.fence(context: 7, seqno: 3)
    #expect(fence.describe() == "7:3 line plain unsignalled")
    fence.signal()
    #expect(fence.describe() == "7:3   signalled")
    fence.put()
  }
}
