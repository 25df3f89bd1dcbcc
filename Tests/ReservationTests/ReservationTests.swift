import Fences
import HeapCounter
import Kernel
import Machine
import Reservations
import Testing

@Suite(.serialized)
struct ReservationTests {
  @Test func `asking for no slot at all is refused with a warning`() throws {
    let reservation = Reservation.make()
    try reservation.lock()
    let log = WarningLog()
    let result = log.collect { outcome { () throws(Errno) in try reservation.reserve(0) } }
    #expect(result == .invalidArgument)
    #expect(log.messages == ["no slot at all was asked for"])
    reservation.unlock()
    reservation.destroy()
  }

  @Test func `19 · a fence stays until it is over or a later one of its context comes`() throws {
    let reservation = Reservation.make()
    let fences = (1...3).map { Plain.fence(context: 5, seqno: UInt64($0)) }
    try reservation.lock()
    try reservation.reserve(3)
    for fence in fences { reservation.add(fence, .read) }
    let entries = reservation.heldEntries()
    #expect(entries.map(\.0) == [fences[2]])
    #expect(fences[0].referenceCount == 1 && fences[2].referenceCount == 2)
    // An earlier one does not take the place of a later one.
    reservation.add(fences[0], .read)
    let others = reservation.heldEntries()
    #expect(others.map(\.0) == [fences[2], fences[0]])
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `19 · a later fence may strengthen the usage in place, and never weakens it`() throws {
    let reservation = Reservation.make()
    let fences = (5...8).map { Plain.fence(context: 7, seqno: UInt64($0)) }
    try reservation.lock()
    try reservation.reserve(4)
    reservation.add(fences[0], .read)
    reservation.add(fences[1], .write)
    #expect(reservation.heldEntries().map(\.1) == [.write])
    reservation.add(fences[2], .read)
    #expect(reservation.heldEntries().map(\.1) == [.write, .read])
    reservation.add(fences[3], .kernel)
    #expect(reservation.heldEntries().map(\.0) == [fences[3], fences[2]])
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `19 · a query returns its usage and the stronger ones`() throws {
    let reservation = Reservation.make()
    let fences = ReservationUsage.allCases.map { Plain.fence(context: 10 + UInt64($0.rawValue)) }
    try reservation.lock()
    try reservation.reserve(4)
    for (fence, usage) in zip(fences, ReservationUsage.allCases) { reservation.add(fence, usage) }
    for (count, usage) in ReservationUsage.allCases.enumerated() {
      #expect(reservation.heldEntries(upTo: usage).count == count + 1)
      let gathered = try reservation.fences(upTo: usage)
      #expect(gathered == Array(fences[...count]))
      for fence in gathered { fence.put() }
    }
    #expect(ReservationUsage.waitedFor(byWriter: true) == .read)
    #expect(ReservationUsage.waitedFor(byWriter: false) == .write)
    // A signaled fence stays for the holder of the lock, and is passed by without it.
    fences[0].signal()
    #expect(reservation.heldEntries(upTo: .kernel).count == 1)
    #expect(reservation.isSignaled(upTo: .kernel))
    #expect(!reservation.isSignaled(upTo: .write))
    #expect(
      reservation.describe() == "\tkernel fence:10:1   signalled\n"
        + "\twrite fence:11:1 line plain unsignalled\n"
        + "\tread fence:12:1 line plain unsignalled\n")
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `19 · a walk with the lock is new at the first fence that it finds`() throws {
    let reservation = Reservation.make()
    let usages: [ReservationUsage] = [.bookkeep, .write, .write]
    let fences = usages.indices.map { Plain.fence(context: 60 + UInt64($0)) }
    try reservation.lock()
    try reservation.reserve(3)
    for (fence, usage) in zip(fences, usages) { reservation.add(fence, usage) }
    var walk = reservation.lockedFences(upTo: .write)
    #expect(walk.next()?.fence == fences[1] && walk.isRestarted, "the first entry is too weak")
    #expect(walk.next()?.fence == fences[2] && !walk.isRestarted)
    #expect(walk.next() == nil && !walk.isRestarted)
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `growing leaves out what is over`() throws {
    let reservation = Reservation.make()
    let fences = (0..<6).map { Plain.fence(context: 20 + UInt64($0)) }
    try reservation.lock()
    try reservation.reserve(4)
    for fence in fences[..<4] { reservation.add(fence, .read) }
    fences[1].signal()
    try reservation.reserve(2)
    #expect(fences[1].referenceCount == 1)
    for fence in fences[4...] { reservation.add(fence, .write) }
    #expect(reservation.heldEntries().map(\.0) == [0, 2, 3, 4, 5].map { fences[$0] })
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `19 · every fence of a context is replaced`() throws {
    let reservation = Reservation.make()
    let old = [Plain.fence(context: 3, seqno: 9), Plain.fence(context: 4), Plain.fence(context: 3)]
    let new = Plain.fence(context: 50)
    try reservation.lock()
    try reservation.reserve(3)
    for fence in old { reservation.add(fence, .bookkeep) }
    reservation.replaceFences(of: 3, with: new, .write)
    #expect(reservation.heldEntries().map(\.0) == [new, old[1], new])
    #expect(new.referenceCount == 3)
    reservation.unlock()
    reservation.destroy()
    for fence in old + [new] {
      fence.signal()
      fence.put()
    }
  }

  @Test func `copying takes what is not over, with its usage`() throws {
    let (source, target) = (Reservation.make(), Reservation.make())
    let fences = (0..<3).map { Plain.fence(context: 30 + UInt64($0)) }
    try source.withLock { () throws(Errno) in
      try source.reserve(3)
      source.add(fences[0], .read)
      source.add(fences[1], .kernel)
      source.add(fences[2], .bookkeep)
    }
    fences[0].signal()
    try target.lock()
    try target.copyFences(from: source)
    #expect(target.heldEntries().map(\.0) == [fences[1], fences[2]])
    #expect(target.heldEntries().map(\.1) == [.kernel, .bookkeep])
    fences[1].signal()
    fences[2].signal()
    try target.copyFences(from: source)
    #expect(target.heldEntries().isEmpty)
    target.unlock()
    target.destroy()
    source.destroy()
    for fence in fences { fence.put() }
  }

  @Test func `one fence is itself, several are an array, and none is nothing`() throws {
    let reservation = Reservation.make()
    #expect(try reservation.singleton(upTo: .bookkeep) == nil)
    let fences = (0..<3).map { Plain.fence(context: 40 + UInt64($0)) }
    reservation.addLocked(fences[0], .kernel)
    reservation.addLocked(fences[1], .read)
    reservation.addLocked(fences[2], .bookkeep)
    let one = try #require(try reservation.singleton(upTo: .write))
    #expect(one == fences[0] && fences[0].referenceCount == 3)
    let two = try #require(try reservation.singleton(upTo: .read))
    #expect(FenceArray(two)?.children == Array(fences[..<2]))
    #expect(two.seqno == 1 && !fences.map(\.context).contains(two.context))
    // What is over is in none of them.
    fences[0].signal()
    let rest = try #require(try reservation.singleton(upTo: .read))
    #expect(rest == fences[1])
    fences[1].signal()
    #expect(try reservation.singleton(upTo: .read) == nil)
    for fence in [one, two, rest] { fence.put() }
    fences[2].signal()
    reservation.destroy()
    #expect(fences.allSatisfy { $0.referenceCount == 1 })
    for fence in fences { fence.put() }
  }

  @Test func `a deadline reaches what is pending of a usage and the stronger ones`() throws {
    let seen = (0..<4).map { _ in Machine.permanent(Cell<UInt64>(0)) }
    let table = Machine.permanent(
      FenceOperations(
        driverName: { _ in "driver" }, timelineName: { _ in "line" },
        release: { $0.free() },
        setDeadline: { fence, deadline in seen[Int(fence.context)].record.value = deadline }))
    let reservation = Reservation.make()
    let fences = (0..<4).map { Fence.make(operations: table, context: $0, seqno: 1) }
    let usages: [ReservationUsage] = [.kernel, .write, .write, .read]
    for (fence, usage) in zip(fences, usages) { reservation.addLocked(fence, usage) }
    fences[1].signal()
    reservation.setDeadline(70, upTo: .write)
    let told = seen.map { $0.record.value }
    #expect(told == [70, 0, 70, 0])
    for fence in fences {
      fence.signal()
      fence.put()
    }
    reservation.destroy()
  }

  @Test func `19 · the room of a list doubles, and is gone with the lock`() throws {
    let reservation = Reservation.make()
    let fences = (1...9).map { Plain.fence(context: 80 + UInt64($0)) }
    try reservation.lock()
    #expect(reservation.capacity == 0)
    try reservation.reserve(1)
    #expect(reservation.capacity == 4)
    for fence in fences[..<4] { reservation.add(fence, .read) }
    try reservation.reserve(1)
    #expect(reservation.capacity == 8)
    for fence in fences[4...] where reservation.heldEntries().count < 8 {
      reservation.add(fence, .read)
    }
    try reservation.reserve(20)
    #expect(reservation.capacity == 28)
    reservation.unlock()
    try reservation.lock()
    #expect(reservation.capacity == 8, "what was reserved and not used is gone")
    try reservation.reserve(1)
    #expect(reservation.capacity == 28, "the slots are still there")
    reservation.unlock()
    let other = Reservation.make()
    try other.lock()
    try other.reserve(9)
    #expect(other.capacity == 16)
    try other.copyFences(from: reservation)
    #expect(other.capacity == 8, "as many as there were to copy")
    other.unlock()
    for reservation in [other, reservation] { reservation.destroy() }
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `waiting returns the time that is left, zero, or 1 for a test`() throws {
    let reservation = Reservation.make()
    #expect(try reservation.wait(upTo: .bookkeep, timeout: .zero) == Jiffies(1))
    #expect(try reservation.wait(upTo: .bookkeep, timeout: Jiffies(5)) == Jiffies(5))
    let fence = Plain.fence()
    reservation.addLocked(fence, .read)
    #expect(try reservation.wait(upTo: .write, timeout: Jiffies(5)) == Jiffies(5))
    #expect(try reservation.wait(upTo: .read, timeout: .zero) == .zero)
    #expect(try reservation.wait(upTo: .read, timeout: Jiffies(1)) == .zero)
    KernelTask.current.sendSignal()
    let result = outcome { () throws(Errno) in
      try reservation.wait(upTo: .read, interruptible: true)
    }
    KernelTask.current.clearSignal()
    #expect(result == .restartSystemCall)
    fence.signal()
    #expect(try reservation.wait(upTo: .read) == .max)
    reservation.destroy()
    fence.put()
  }

  @Test func `19 · a fence that takes another one's place is no reason to begin again`() throws {
    let reservation = Reservation.make()
    let fences = [
      Plain.fence(context: 1), Plain.fence(context: 2), Plain.fence(context: 2, seqno: 2),
      Plain.fence(context: 3),
    ]
    reservation.addLocked(fences[0], .read)
    reservation.addLocked(fences[1], .read)
    var cursor = ReservationCursor(reservation, upTo: .read)
    expect(&cursor, fences[0], isRestarted: true)
    reservation.addLocked(fences[2], .read)
    expect(&cursor, fences[2], isRestarted: false)
    // A longer list that takes the place of this one is a reason.
    try reservation.withLock { () throws(Errno) in try reservation.reserve(20) }
    expect(&cursor, fences[0], isRestarted: true)
    cursor.end()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  @Test func `19 · a list with room takes more than was reserved, until it is unlocked`() async {
    await #expect(processExitsWith: .success) {
      let reservation = Reservation.make()
      try reservation.withLock { () throws(Errno) in
        try reservation.reserve(1)
        // The first list has four slots.
        for number in UInt64(1)...4 { reservation.add(Plain.fence(context: number), .read) }
      }
    }
    await #expect(processExitsWith: .failure) {
      let reservation = Reservation.make()
      try reservation.withLock { () throws(Errno) in
        try reservation.reserve(1)
        for number in UInt64(1)...5 { reservation.add(Plain.fence(context: number), .read) }
      }
    }
    await #expect(processExitsWith: .failure) {
      let reservation = Reservation.make()
      try reservation.withLock { () throws(Errno) in
        try reservation.reserve(4)
        reservation.add(Plain.fence(context: 1), .read)
      }
      try reservation.withLock { () throws(Errno) in
        reservation.add(Plain.fence(context: 2), .read)
      }
    }
  }

  @Test func `19 · adding without a reserved slot ends the process`() async {
    await #expect(processExitsWith: .failure) {
      let reservation = Reservation.make()
      try reservation.withLock { () throws(Errno) in reservation.add(Plain.fence(), .read) }
    }
  }

  @Test func `a change without the lock is warned about`() {
    let reservation = Reservation.make()
    let log = WarningLog()
    log.collect { _ = outcome { () throws(Errno) in try reservation.reserve(1) } }
    #expect(log.messages == ["the mutex must be held here"])
    reservation.destroy()
  }

  @Test func `ten thousand fences are walked over without allocation`() throws {
    let count = 10_000
    let reservation = Reservation.make()
    let fences = (0..<count).map { Plain.fence(context: 100 + UInt64($0)) }
    try reservation.lock()
    try reservation.reserve(count)
    // Adding compares with every entry, so that ten thousand cost a while.
    for fence in fences { reservation.add(fence, .read) }
    var found = 0
    let before = heap_counter_value()
    for _ in reservation.lockedFences(upTo: .read) { found += 1 }
    var cursor = ReservationCursor(reservation, upTo: .read)
    while cursor.next() != nil { found += 1 }
    cursor.end()
    let walked = heap_counter_value()
    // What allocates is counted, so the counter counts.
    for fence in try reservation.fences(upTo: .read) { fence.put() }
    let gathered = heap_counter_value()
    #expect(found == 2 * count)
    #expect(walked == before)
    #expect(gathered > walked || !heap_counter_counts())
    reservation.unlock()
    reservation.destroy()
    for fence in fences {
      fence.signal()
      fence.put()
    }
  }

  private func expect(
    _ cursor: inout ReservationCursor, _ fence: Fence, isRestarted: Bool
  ) {
    let next = cursor.next()
    let wasRestarted = cursor.isRestarted
    #expect(next == fence)
    #expect(wasRestarted == isRestarted)
  }
}
