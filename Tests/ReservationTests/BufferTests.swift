import Fences
import Kernel
import Machine
import Reservations
import Testing

/// Where buffers' resources go back to, and in which order they did.
struct Freed: Sendable {
  let count = Machine.permanent(Word<UInt32>(0))
  let last = Machine.permanent(Word<UInt64>(0))
  let memory: Object<BufferMemory>

  init() {
    let (count, last) = (count, last)
    memory = Machine.permanent(
      BufferMemory { resource in
        last.record.store(resource, .relaxed)
        _ = count.record.fetchAdd(1, .release, edge: "test.freed")
      })
  }

  var number: UInt32 { count.record.load(.acquire, edge: "test.freed") }

  func wait(for number: UInt32) {
    Machine.spin(until: count.record.equals(number, .acquire, edge: "test.freed"))
  }
}

@Suite(.serialized)
struct BufferTests {
  @Test func `21 · readers wait for writes and writers for reads too, nobody for bookkeeping`() {
    let expected: [(ReservationUsage, BufferEvents)] = [
      (.kernel, []), (.write, []), (.read, [.mayRead]), (.bookkeep, [.mayRead, .mayWrite]),
    ]
    for (usage, ready) in expected {
      let buffer = Buffer.make()
      let fence = Plain.fence()
      buffer.reservation.addLocked(fence, usage)
      #expect(buffer.poll([.mayRead, .mayWrite]) == ready)
      // An event whose callback waits already is only said not to be true.
      #expect(buffer.poll([.mayRead, .mayWrite]) == ready)
      fence.signal()
      #expect(buffer.poll([.mayRead, .mayWrite]) == [.mayRead, .mayWrite])
      fence.put()
      buffer.put()
    }
  }

  @Test func `a poll that waits is woken by the fence`() throws {
    let buffer = Buffer.make()
    let fences = [Plain.fence(context: 1), Plain.fence(context: 2)]
    for fence in fences { buffer.reservation.addLocked(fence, .write) }
    let thread = KernelThread.start("poller") {
      let ready = try? buffer.waitUntilReady([.mayRead])
      Machine.expect(ready == [.mayRead], "the buffer is ready")
    }
    for fence in fences.reversed() {
      fence.signal()
      fence.put()
    }
    thread.join()
    #expect(try buffer.waitUntilReady([.mayWrite], timeout: .zero) == [.mayWrite])
    buffer.put()
  }

  @Test func `fences are exported for an access and imported as one`() throws {
    let buffer = Buffer.make()
    #expect(try buffer.exportFences(for: [.read]) == [Fence.stub()])
    let fences = [Plain.fence(context: 1), Plain.fence(context: 2)]
    try buffer.importFences([fences[0]], as: [.read])
    try buffer.importFences([fences[1]], as: [.read, .write])
    let usages = try buffer.reservation.withLock { () throws(Errno) in
      buffer.reservation.heldEntries().map(\.1)
    }
    #expect(usages == [.read, .write])
    #expect(try buffer.exportFences(for: [.read]) == [fences[1]])
    #expect(try buffer.exportFences(for: [.read, .write]) == fences)
    for access in [BufferAccess(), BufferAccess(rawValue: 5)] {
      #expect(throws: Errno.invalidArgument) { try buffer.exportFences(for: access) }
      #expect(throws: Errno.invalidArgument) { try buffer.importFences(fences, as: access) }
    }
    buffer.put()
    for fence in fences { fence.signal() }
  }

  @Test func `one fence is exported for many, and imported as the many it stands for`() throws {
    let (buffer, other) = (Buffer.make(), Buffer.make())
    let stub = try buffer.exportFence(for: [.read])
    #expect(stub == Fence.stub())
    let fences = (1...2).map { Plain.fence(context: UInt64($0)) }
    try buffer.importFences([fences[0]], as: [.write])
    let single = try buffer.exportFence(for: [.write])
    #expect(single == fences[0])
    try buffer.importFences([fences[1]], as: [.write])
    let array = try buffer.exportFence(for: [.write])
    #expect(FenceArray(array)?.children == fences)
    let chain = try #require(FenceChain.make(previous: nil, fence: array, seqno: 1)).fence
    try other.importFences([chain], as: [.read])
    let usages = try other.reservation.withLock { () throws(Errno) in
      other.reservation.heldEntries()
    }
    #expect(usages.map(\.0) == fences && usages.allSatisfy { $0.1 == .read })
    for fence in [chain, single, stub, Fence.stub()] { fence.put() }
    for fence in fences { fence.signal() }
    for buffer in [buffer, other] { buffer.put() }
    for fence in fences { fence.put() }
  }

  @Test func `a container in a reservation is warned about`() throws {
    let reservation = Reservation.make()
    let fence = Plain.fence()
    let array = try #require(FenceArray.make([fence.get()], context: 9, seqno: 1)).fence
    let log = WarningLog()
    log.collect { _ = reservation.addLocked(array, .read) }
    #expect(log.messages == ["an array or a chain was added to a reservation; unwrap it"])
    log.collect { _ = reservation.addLocked(fence, .read) }
    #expect(log.messages.count == 1)
    fence.signal()
    reservation.destroy()
    for fence in [array, fence] { fence.put() }
  }

  @Test func `a buffer that nothing works on ends at once`() {
    let freed = Freed()
    Buffer.make(memory: freed.memory, resource: 4).put()
    #expect(freed.number == 1)
    #expect(freed.last.record.load(.relaxed) == 4)
  }

  @Test(arguments: [false, true])
  func `a buffer that a device works on ends after its fences`(isShared: Bool) {
    let freed = Freed()
    let shared = Reservation.make()
    let buffer = Buffer.make(
      sharing: isShared ? shared : nil, memory: freed.memory, resource: 4)
    let fence = Plain.fence()
    buffer.reservation.addLocked(fence, .bookkeep)
    #expect((buffer.reservation == shared) == isShared)
    buffer.put()
    #expect(freed.number == 0)
    fence.signal()
    fence.put()
    freed.wait(for: 1)
    shared.destroy()
  }

  @Test func `a buffer whose fences' lock is held by its last owner ends all the same`() throws {
    let freed = Freed()
    let shared = Reservation.make()
    let buffer = Buffer.make(sharing: shared, memory: freed.memory, resource: 4)
    try shared.lock()
    buffer.put()
    #expect(freed.number == 1)
    shared.unlock()
    shared.destroy()
  }

  @Test func `memory that is copied from stays until the copy is over`() throws {
    let freed = Freed()
    let buffer = Buffer.make(memory: freed.memory, resource: 4)
    let copy = Plain.fence()
    try buffer.reservation.lock()
    try buffer.reservation.reserve(1)
    try buffer.move(to: 5, after: copy)
    #expect(buffer.resource == 5)
    #expect(buffer.reservation.heldEntries(upTo: .kernel).map(\.0) == [copy])
    buffer.reservation.unlock()
    #expect(freed.number == 0)
    copy.signal()
    copy.put()
    freed.wait(for: 1)
    #expect(freed.last.record.load(.relaxed) == 4)
    buffer.put()
    freed.wait(for: 2)
    #expect(freed.last.record.load(.relaxed) == 5)
  }

  @Test func `a copy that is over at once needs no ghost for long`() throws {
    let freed = Freed()
    let buffer = Buffer.make(memory: freed.memory, resource: 4)
    let copy = Fence.stub()
    try buffer.reservation.lock()
    try buffer.reservation.reserve(1)
    try buffer.move(to: 5, after: copy)
    #expect(freed.number == 1)
    buffer.reservation.unlock()
    copy.put()
    buffer.put()
    freed.wait(for: 2)
  }
}
