import Fences
import Kernel
import Machine
import Testing

@Suite struct SignalingTests {
  @Test func `callbacks run in the order in which they were added`() throws {
    let fence = Plain.fence()
    let turns = Machine.permanent(Word<UInt64>(0))
    let callbacks = (0..<3).map { _ in Machine.permanent(FenceCallback()) }
    for (number, callback) in callbacks.enumerated() {
      try fence.addCallback(callback) { _, _ in
        let before = turns.record.load(.relaxed)
        turns.record.store(before * 10 + UInt64(number + 1), .relaxed)
      }
    }
    fence.signal()
    #expect(turns.record.load(.relaxed) == 123)
    fence.put()
  }

  @Test func `a callback may free its own record`() throws {
    let fence = Plain.fence()
    let counting = Counting()
    let record = counting.record
    try fence.addCallback(counting.handle) { _, _ in Machine.free(record) }
    fence.signal()
    #expect(fence.status() == .done)
    fence.put()
  }

  @Test func `while callbacks run the fence is signaled, timed and detached`() throws {
    let fence = Plain.fence()
    let callback = Machine.permanent(FenceCallback())
    let seen = Machine.permanent(Word<UInt32>(0))
    try fence.addCallback(callback) { fence, _ in
      let complete =
        fence.has(.signaled) && fence.has(.timestamp) && !fence.hasOperations
        && fence.timestamp() == 55
      seen.record.store(complete ? 1 : 2, .relaxed)
    }
    fence.signal(at: 55)
    #expect(seen.record.load(.relaxed) == 1)
    fence.put()
  }

  @Test func `checking and signaling tells who was first`() {
    let fence = Plain.fence()
    #expect(fence.checkAndSignal() == false)
    #expect(fence.checkAndSignal())
    fence.put()
    let other = Plain.fence()
    #expect(other.withLock { other.checkAndSignalLocked() } == false)
    #expect(other.withLock { other.checkAndSignalLocked() })
    other.put()
  }

  @Test func `the locked forms do the same under the caller's lock`() {
    let (one, two) = (Plain.fence(), Plain.fence())
    one.withLock { one.signalLocked() }
    two.withLock { two.signalLocked(at: 9) }
    #expect(one.testSignaledFlag())
    #expect(two.timestamp() == 9)
    let log = WarningLog()
    log.collect { one.signalLocked() }
    #expect(log.messages == ["the lock must be held here"])
    one.put()
    two.put()
  }

  @Test func `an external lock guards the fences that share it`() {
    let lock = Machine.permanent(SpinLock())
    let (one, two) = (1, 2)
    let fences = [one, two].map {
      Fence.make(operations: Plain.operations, lock: lock, context: 7, seqno: UInt64($0))
    }
    #expect(fences.allSatisfy { !$0.has(.inlineLock) })
    fences[0].withLock {
      let isHeld = lock.record.isHeld
      #expect(isHeld)
      fences[0].signalLocked()
      fences[1].signalLocked()
    }
    #expect(fences.allSatisfy { $0.testSignaledFlag() })
    for fence in fences { fence.put() }
  }

  @Test func `the status polls the driver and may signal`() {
    let (driver, fence) = Driver.make()
    #expect(fence.status() == .pending)
    driver.record.isDone.value = true
    #expect(fence.withLock { fence.statusLocked() } == .done)
    #expect(fence.status().kernelValue == 1)
    #expect(fence.testSignaledFlag())
    fence.put()
  }

  @Test func `the locked question signals under the caller's lock`() {
    let (driver, fence) = Driver.make()
    #expect(fence.withLock { fence.isSignaledLocked() } == false)
    driver.record.isDone.value = true
    #expect(fence.withLock { fence.isSignaledLocked() })
    fence.put()
  }

  @Test func `a number that is no error is warned about and stored`() {
    let fence = Plain.fence()
    let log = WarningLog()
    log.collect {
      fence.setError(Errno(code: 4096))
      fence.setError(Errno(code: -3))
    }
    #expect(log.messages == ["-4096 is no error number", "3 is no error number"])
    fence.put()
  }

  @Test func `the timestamp of an unsignaled fence is now, with a warning`() {
    let fence = Plain.fence()
    let log = WarningLog()
    let before = Machine.clock()
    #expect(log.collect { fence.timestamp() } >= before)
    #expect(log.messages.count == 1)
    fence.put()
  }

  @Test func `both variants of the signaled-bit test answer alike when nothing moves`() throws {
    for variant in SignaledBitPolicy.allCases {
      try FencePolicy.with(FencePolicy(signaledBit: variant)) {
        let (driver, fence) = Driver.make()
        let counting = Counting()
        try counting.add(to: fence)
        #expect(fence.isSignaled() == false)
        #expect(fence.testSignaledFlag() == false)
        driver.record.isDone.value = true
        #expect(fence.isSignaled())
        #expect(fence.testSignaledFlag())
        #expect(counting.calls == 1)
        counting.free()
        fence.put()
      }
    }
  }
}
