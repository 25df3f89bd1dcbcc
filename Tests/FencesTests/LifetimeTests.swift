import Fences
import Kernel
import Machine
import Testing

@Suite struct LifetimeTests {
  @Test func `a reference can be had only while there is one`() {
    let fence = Plain.fence()
    #expect(fence.referenceCount == 1)
    #expect(fence.get() == fence)
    #expect(fence.getUnlessZero() == fence)
    #expect(fence.referenceCount == 3)
    fence.put()
    fence.put()
    RCU.withReadLock {
      fence.put()
      #expect(fence.getUnlessZero() == nil)
      #expect(fence.invariantViolations() == ["the fence has no reference"])
    }
  }

  @Test func `the fence behind a published word comes with a reference`() {
    let word = Machine.permanent(Word<Fence?>(nil))
    RCU.withReadLock { #expect(Fence.get(from: word.record) == nil) }
    let fence = Plain.fence()
    RCU.assign(fence, to: word.record)
    RCU.withReadLock { #expect(Fence.get(from: word.record) == fence) }
    #expect(fence.referenceCount == 2)
    fence.put()
    fence.put()
  }

  @Test func `an unsignaled fence without callbacks is released in silence`() {
    let log = WarningLog()
    log.collect { Plain.fence().put() }
    #expect(log.messages.isEmpty)
  }

  @Test func `a release of the driver's own ends a fence inside its record`() {
    let (driver, fence) = Driver.make()
    #expect(fence.machineAddress == driver.record.storage.address)
    #expect(Driver.around(fence) == driver)
    fence.put()
    RCU.barrier()
  }

  @Test func `zeroed memory is not taken for a fence`() {
    let storage = Machine.allocate(FenceStorage())
    let fence = Fence(storage)
    #expect(fence.wasInitialised == false)
    fence.initialise(operations: Plain.operations, context: 3, seqno: 4)
    #expect(fence.wasInitialised)
    #expect(fence.context == 3 && fence.seqno == 4)
    #expect(fence.referenceCount == 1 && fence.error == nil)
    #expect(fence.invariantViolations() == [])
    fence.put()
  }

  @Test func `contexts are consecutive numbers and none at all is warned about`() {
    let first = FenceContext.allocate(3)
    #expect(first > FenceContext.stub)
    #expect(FenceContext.allocate() >= first + 3)
    let log = WarningLog()
    log.collect { _ = FenceContext.allocate(0) }
    #expect(log.messages.count == 1)
  }
}

@Suite struct StubTests {
  @Test func `the stub is shared, signaled, and detached from its driver`() {
    let stub = Fence.stub()
    #expect(stub == Fence.stub())
    #expect(stub.isSignaled() && stub.status() == .done)
    #expect(stub.context == 0 && stub.seqno == 0)
    #expect(stub.timestamp() == 0)
    #expect(stub.driverName == "detached-driver")
    #expect(stub.has(.signalingEnabled) && stub.has(.inlineLock))
    stub.put()
    stub.put()
  }

  @Test func `a private stub carries its own timestamp`() throws {
    let stub = try #require(Fence.makeStub(timestamp: 77))
    #expect(stub != Fence.stub())
    #expect(stub.timestamp() == 77)
    #expect(stub.timelineName == "signaled-timeline")
    stub.put()
    Fence.stub().put()
  }
}

@Suite struct OrderingTests {
  @Test func `a fence is later only than an earlier one of its context`() {
    let (one, two) = (Plain.fence(seqno: 1), Plain.fence(seqno: 2))
    #expect(two.isLater(than: one))
    #expect(one.isLater(than: two) == false)
    #expect(one.isLater(than: one) == false)
    #expect(one.isLaterOrSame(as: one))
    one.put()
    two.put()
  }

  @Test func `fences of two contexts cannot be compared`() {
    let (one, two) = (Plain.fence(context: 1), Plain.fence(context: 2))
    let log = WarningLog()
    log.collect {
      #expect(one.isLater(than: two) == false)
      #expect(one.later(of: two) == nil)
    }
    #expect(log.messages.count == 2)
    one.put()
    two.put()
  }

  @Test func `the later of two fences is nil once that one is signaled`() {
    let (one, two) = (Plain.fence(seqno: 1), Plain.fence(seqno: 2))
    #expect(one.later(of: two) == two)
    #expect(two.later(of: one) == two)
    one.signal()
    #expect(one.later(of: two) == two)
    two.signal()
    #expect(one.later(of: two) == nil)
    one.put()
    two.put()
  }
}
