import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// An object, its fence and its points.
struct SyncObjectTests {
  @Test func `a new object has no fence, a signaled one, or a given one`() throws {
    let empty = try #require(SyncObject.make())
    #expect(empty.fence() == nil)
    let signaled = try #require(SyncObject.make(isSignaled: true))
    let stub = try #require(signaled.fence())
    #expect(stub.testSignaledFlag() && stub.context == FenceContext.stub)
    #expect(stub != Fence.stub())
    stub.put()
    let fence = Plain.fence()
    let given = try #require(SyncObject.make(fence: fence))
    #expect(given.fence() == fence && fence.referenceCount == 3)
    fence.put()
    for object in [empty, signaled, given] { object.put() }
    #expect(fence.referenceCount == 1)
    fence.put()
  }

  @Test func `a fence is replaced, signaled and taken away`() throws {
    let object = try #require(SyncObject.make())
    let fence = Plain.fence()
    object.replaceFence(with: fence)
    object.replaceFence(with: fence)
    #expect(fence.referenceCount == 2)
    #expect(object.signal())
    #expect(fence.referenceCount == 1 && !fence.isSignaled())
    #expect(object.ask() == nil)
    object.reset()
    #expect(object.fence() == nil)
    object.put()
    fence.put()
  }

  @Test func `a point is over with all before it`() throws {
    let object = try #require(SyncObject.make())
    let fences = try [(1, 4), (2, 6), (3, 9)].map { try object.submit($0.1, context: $0.0) }
    #expect(object.lastSignaledPoint() == 0 && object.lastSubmittedPoint() == 9)
    fences[1].signal()
    // Point 6 is over, but 4 is not.
    #expect(object.lastSignaledPoint() == 0)
    #expect(object.ask(6) == .timeExpired)
    fences[0].signal()
    #expect(object.lastSignaledPoint() == 6)
    #expect(object.ask(5) == nil && object.ask(7) == .timeExpired)
    fences[2].signal()
    #expect(object.lastSignaledPoint() == 9)
    #expect(object.ask(9) == nil && object.ask(10) == .invalidArgument)
    object.put()
    for fence in fences { fence.put() }
  }

  @Test func `a point out of order begins a new timeline`() throws {
    let object = try #require(SyncObject.make())
    let first = try object.submit(5)
    first.signal()
    #expect(object.lastSignaledPoint() == 5)
    let second = try object.submit(3)
    // The node has the higher number and a timeline of its own.
    #expect(object.lastSubmittedPoint() == 5)
    #expect(object.lastSignaledPoint() == 0)
    second.signal()
    #expect(object.lastSignaledPoint() == 5)
    object.put()
    for fence in [first, second] { fence.put() }
  }

  @Test func `22 · a binary object has no points`() throws {
    let object = try #require(SyncObject.make(isSignaled: true))
    #expect(object.lastSignaledPoint() == 0 && object.lastSubmittedPoint() == 0)
    #expect(object.ask(1) == .invalidArgument)
    object.reset()
    #expect(object.lastSignaledPoint() == 0 && object.lastSubmittedPoint() == 0)
    object.put()
  }

  @Test func `adding points collects what is over`() throws {
    let object = try #require(SyncObject.make())
    let fences = try (1...3).map { try object.submit($0, context: $0) }
    for fence in fences.prefix(2) { fence.signal() }
    let last = try object.submit(4, context: 4)
    // Points 1 and 2 left the list, with their references.
    #expect(fences.map(\.referenceCount) == [1, 1, 2])
    object.put()
    for fence in fences + [last] { fence.put() }
  }

  // MARK: - Finding

  @Test func `22 · a fence is found at its point, and at point 0 the newest`() throws {
    let object = try #require(SyncObject.make())
    #expect(throws: Errno.invalidArgument) { try object.findFence() }
    let fences = try [(1, 4), (2, 6)].map { try object.submit($0.1, context: $0.0) }
    let newest = try object.findFence()
    #expect(newest.seqno == 6)
    let points = try [1, 4, 5, 6].map { try object.findFence(at: $0) }
    #expect(points.map(\.seqno) == [4, 4, 6, 6])
    #expect(throws: Errno.invalidArgument) { try object.findFence(at: 7) }
    for fence in fences { fence.signal() }
    let collected = try object.findFence(at: 4)
    #expect(collected.isSignaled())
    for fence in points + [newest, collected] { fence.put() }
    object.put()
    for fence in fences { fence.put() }
  }

  @Test func `a point that was collected is found as a stub`() throws {
    let object = try #require(SyncObject.make())
    let fences = try (1...2).map { try object.submit($0, context: $0) }
    fences[0].signal()
    let newest = try object.submit(3, context: 3)
    let found = try object.findFence(at: 1)
    #expect(found == Fence.stub())
    #expect(object.ask(1) == nil)
    found.put()
    object.put()
    for fence in fences + [newest] { fence.put() }
  }

  @Test func `finding knows one flag`() throws {
    let object = try #require(SyncObject.make(isSignaled: true))
    for bits in [1, 4, 8, 16, 3] as [UInt32] {
      #expect(throws: Errno.invalidArgument) {
        try object.findFence(at: 0, SyncObjectWaitFlags(rawValue: bits))
      }
    }
    try object.findFence(at: 0, .forSubmit).put()
    object.put()
  }

  @Test func `whoever waits for a submission gets the fence`() throws {
    let object = try #require(SyncObject.make())
    let finder = KernelThread.start("finder") {
      let fence = try? object.findFence(at: 2, .forSubmit)
      Machine.expect(fence?.seqno == 3, "point 3 covers point 2")
      fence?.put()
    }
    // Neither is point 2 there yet.
    #expect(object.signal())
    let first = try object.submit(1)
    let second = try object.submit(3)
    finder.join()
    object.put()
    for fence in [first, second] { fence.put() }
  }

  @Test func `a signal ends the wait for a submission`() throws {
    let object = try #require(SyncObject.make())
    KernelTask.current.sendSignal()
    #expect(throws: Errno.restartSystemCall) { try object.findFence(at: 0, .forSubmit) }
    KernelTask.current.clearSignal()
    object.put()
  }
}

/// Waiting for objects.
struct SyncObjectWaitTests {
  private let objects = (0..<3).compactMap { _ in SyncObject.make() }

  private func wait(
    _ flags: SyncObjectWaitFlags = [], timeout: Jiffies = .zero
  ) throws(Errno) -> Int? {
    try SyncObject.wait(for: objects.map { ($0, 0) }, flags, timeout: timeout)
  }

  private func end(_ fences: Fence...) {
    for object in objects { object.put() }
    for fence in fences { fence.put() }
  }

  @Test func `any object that is over ends the wait, or all`() throws {
    let fences = (1...3).map { Plain.fence(context: $0) }
    for (object, fence) in zip(objects, fences) { object.replaceFence(with: fence) }
    #expect(throws: Errno.timeExpired) { try wait() }
    #expect(throws: Errno.timeExpired) { try wait(timeout: Jiffies(1)) }
    fences[2].signal()
    #expect(try wait() == 2)
    #expect(throws: Errno.timeExpired) { try wait(.all) }
    fences[1].signal()
    #expect(try wait() == 1)
    fences[0].signal()
    #expect(try wait(.all) == 0)
    end(fences[0], fences[1], fences[2])
  }

  @Test func `22 · a missing fence is refused before any waiting`() throws {
    objects[0].replaceFence(with: Fence.stub())
    // Even where another object is over already.
    #expect(throws: Errno.invalidArgument) { try wait(timeout: .max) }
    #expect(throws: Errno.invalidArgument) { try wait(.all, timeout: .max) }
    #expect(throws: Errno.invalidArgument) { try wait(.deadline, timeout: .max) }
    #expect(try wait(.forSubmit) == 0)
    #expect(try wait(.available) == 0)
    #expect(throws: Errno.timeExpired) { try wait([.forSubmit, .all]) }
    #expect(throws: Errno.timeExpired) { try wait([.available, .all]) }
    end()
  }

  @Test func `22 · available means there, signaled or not`() throws {
    let fence = Plain.fence()
    objects[1].replaceFence(with: fence)
    #expect(try wait(.available) == 1)
    #expect(throws: Errno.timeExpired) { try wait(.forSubmit) }
    for object in objects { object.replaceFence(with: fence) }
    #expect(try wait([.available, .all]) == 0)
    end(fence)
  }

  @Test func `a wait for submissions sees fences come and end`() throws {
    let fences = (1...3).map { Plain.fence(context: $0) }
    let done = Machine.permanent(Word<UInt32>(0))
    let waiter = KernelThread.start("waiter") {
      _ = try? SyncObject.wait(
        for: objects.map { ($0, 0) }, [.forSubmit, .all], timeout: .max)
      done.record.store(1, .relaxed)
    }
    for (object, fence) in zip(objects, fences) {
      object.replaceFence(with: fence)
      #expect(done.record.load(.relaxed) == 0)
      fence.signal()
    }
    waiter.join()
    #expect(done.record.load(.relaxed) == 1)
    end(fences[0], fences[1], fences[2])
  }

  @Test func `a wait for availability ends with the submission`() throws {
    let waiter = KernelThread.start("waiter") {
      let index = try? SyncObject.wait(
        for: objects.map { ($0, 0) }, .available, timeout: .max)
      Machine.expect(index == 2, "the third object got a fence")
    }
    let fence = Plain.fence()
    objects[2].replaceFence(with: fence)
    waiter.join()
    end(fence)
  }

  @Test func `a signal ends a wait, unless something is over`() throws {
    let fence = Plain.fence()
    for object in objects { object.replaceFence(with: fence) }
    KernelTask.current.sendSignal()
    #expect(throws: Errno.restartSystemCall) { try wait(timeout: .max) }
    // Time that has run out is looked at first.
    #expect(throws: Errno.timeExpired) { try wait() }
    fence.signal()
    #expect(try wait(timeout: .max) == 0)
    KernelTask.current.clearSignal()
    end(fence)
  }

  @Test func `a deadline reaches the fences that are there`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let fence = try timeline.makeFence(at: 1)
    objects[0].replaceFence(with: fence)
    #expect(throws: Errno.timeExpired) {
      try SyncObject.wait(
        for: objects.map { ($0, 0) }, [.forSubmit, .deadline], timeout: .zero, deadline: 80)
    }
    #expect(try SoftwareTimeline.deadline(of: fence) == 80)
    timeline.close()
    end(fence)
  }

  @Test func `a fence whose driver knows only when asked to signal is seen without time`() throws {
    let operations = Machine.permanent(
      FenceOperations(
        driverName: { _ in "late" }, timelineName: { _ in "line" },
        enableSignaling: { _ in false }))
    let fence = Fence.make(operations: operations, context: 1, seqno: 1)
    objects[0].replaceFence(with: fence)
    #expect(!fence.isSignaled())
    #expect(objects[0].ask() == nil)
    end(fence)
  }

  @Test func `one object may be waited for at several points`() throws {
    let fences = try (1...2).map { try objects[0].submit($0, context: $0) }
    let targets = [2, 1].map { (objects[0], UInt64($0)) }
    #expect(throws: Errno.timeExpired) { try SyncObject.wait(for: targets, timeout: .zero) }
    fences[0].signal()
    #expect(try SyncObject.wait(for: targets, timeout: .zero) == 1)
    fences[1].signal()
    #expect(try SyncObject.wait(for: targets, .all, timeout: .zero) == 0)
    end(fences[0], fences[1])
  }
}

/// Counters that are raised.
struct SyncObjectEventTests {
  @Test func `an event happens when the point is over`() throws {
    let object = try #require(SyncObject.make())
    let counter = try #require(EventCounter.make())
    try object.addEvent(counter, at: 2)
    let first = try object.submit(1, context: 1)
    first.signal()
    #expect(counter.count == 0)
    let second = try object.submit(2, context: 2)
    #expect(counter.count == 0)
    second.signal()
    // The node learns of it from interrupt work.
    #expect(try counter.read() == 1)
    // It happens once.
    let third = try object.submit(3, context: 3)
    third.signal()
    #expect(counter.count == 0)
    object.put()
    counter.put()
    for fence in [first, second, third] { fence.put() }
  }

  @Test func `an event about availability happens when the point is there`() throws {
    let object = try #require(SyncObject.make())
    let counter = try #require(EventCounter.make())
    try object.addEvent(counter, at: 2, .available)
    let first = try object.submit(1)
    #expect(counter.count == 0)
    let second = try object.submit(4)
    #expect(counter.count == 1)
    try object.addEvent(counter, at: 3, .available)
    #expect(counter.count == 2)
    object.put()
    counter.put()
    for fence in [first, second] { fence.put() }
  }

  @Test func `an event about what is over happens at once`() throws {
    let object = try #require(SyncObject.make(isSignaled: true))
    let counter = try #require(EventCounter.make())
    try object.addEvent(counter)
    #expect(counter.count == 1)
    object.reset()
    let fences = try (1...3).map { try object.submit($0, context: $0) }
    fences[0].signal()
    fences[1].signal()
    let last = try object.submit(4, context: 4)
    // Point 1 was collected; a stub stands in.
    try object.addEvent(counter, at: 1)
    #expect(counter.count == 2)
    object.put()
    counter.put()
    for fence in fences + [last] { fence.put() }
  }

  @Test func `an event that waits for a fence dies with its object, without a word`() throws {
    let object = try #require(SyncObject.make())
    let counter = try #require(EventCounter.make())
    try object.addEvent(counter)
    try object.addEvent(counter, at: 3, .available)
    object.put()
    #expect(counter.count == 0)
    counter.put()
  }

  @Test func `an event on a fence outlives its object`() throws {
    let object = try #require(SyncObject.make())
    let counter = try #require(EventCounter.make())
    let fence = Plain.fence()
    object.replaceFence(with: fence)
    try object.addEvent(counter)
    object.put()
    fence.signal()
    #expect(counter.count == 1)
    counter.put()
    fence.put()
  }

  @Test func `events know one flag`() throws {
    let object = try #require(SyncObject.make())
    let counter = try #require(EventCounter.make())
    for bits in [1, 2, 8, 5] as [UInt32] {
      #expect(throws: Errno.invalidArgument) {
        try object.addEvent(counter, at: 0, SyncObjectWaitFlags(rawValue: bits))
      }
    }
    object.put()
    counter.put()
  }
}
