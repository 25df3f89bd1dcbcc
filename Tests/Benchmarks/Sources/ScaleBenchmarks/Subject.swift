internal import BenchmarkKit
internal import Fences
internal import Kernel
internal import Machine
internal import Reservations

/// What is measured: chains of a million nodes, merges and reservations of ten thousand fences.
enum Subject {
  /// Measures one after the other.
  static func measureAll(_ row: (Growth, _ expected: Double) -> Void) {
    let nodes = (from: 250_000, to: 1_000_000)
    for (name, time) in [
      ("chain: walk", walkChain), ("chain: release", releaseChain),
      ("chain: collect", collectChain),
    ] {
      row(Growth(name, from: nodes.from, to: nodes.to, pairs: 5, time: time), 1)
    }
    let fences = (from: 1_250, to: 10_000)
    row(
      Growth("merge", from: fences.from, to: fences.to, time: merge),
      Growth.nLogN(from: fences.from, to: fences.to))
    for (name, time) in [
      ("reservation: locked walk", walkLocked), ("reservation: unlocked walk", walkUnlocked),
    ] {
      row(Growth(name, from: fences.from, to: fences.to, time: time), 1)
    }
  }

  // MARK: - Chains

  private static func walkChain(_ count: Int) -> UInt64 {
    withChain(count) { tail, _ in
      var visited = 0
      let time = timed { tail.forEachUnwrapped { _ in visited += 1 } }
      precondition(visited == count, "the walk comes to every node")
      tail.put()
      return time
    }
  }

  /// The last put, on a thread with a stack of the usual size.
  private static func releaseChain(_ count: Int) -> UInt64 {
    withChain(count) { tail, fence in
      let taken = Machine.permanent(Word<UInt64>(0))
      KernelThread.start("release") {
        taken.record.store(timed { tail.put() }, .relaxed)
      }.join()
      precondition(fence.referenceCount == 1, "every node gave its fence back")
      return taken.record.load(.relaxed)
    }
  }

  /// A walk over a chain whose fences are all signaled unlinks every node.
  private static func collectChain(_ count: Int) -> UInt64 {
    withChain(count) { tail, fence in
      fence.signal()
      let time = timed { precondition(tail.isSignaled(), "the whole chain is over") }
      precondition(fence.referenceCount == 2, "one node is left, and our reference")
      tail.put()
      return time
    }
  }

  /// A chain of so many nodes over one fence; `body` gives the tail back.
  private static func withChain(_ count: Int, _ body: (Fence, Fence) -> UInt64) -> UInt64 {
    let fence = plain(context: 1)
    var tail: Fence?
    for number in 1...UInt64(count) {
      tail = FenceChain.make(previous: tail, fence: fence.get(), seqno: number)?.fence
    }
    guard let tail else { preconditionFailure("a chain has a tail") }
    let time = body(tail, fence)
    fence.put()
    RCU.barrier()
    return time
  }

  // MARK: - Merges

  private static func merge(_ count: Int) -> UInt64 {
    // Multiplying mixes the contexts, so that sorting has something to do.
    let fences = (1...UInt64(count)).map { plain(context: $0 &* 0x9e37_79b9 % 1_000_003) }
    var merged: Fence?
    let time = timed { merged = Fence.merge(fences) }
    precondition(merged.flatMap { FenceArray($0) }?.children.count == count, "each has a context")
    merged?.put()
    for fence in fences { fence.put() }
    RCU.barrier()
    return time
  }

  // MARK: - Reservations

  private static func walkLocked(_ count: Int) -> UInt64 {
    withReservation(count) { reservation in
      var found = 0
      for _ in reservation.lockedFences(upTo: .bookkeep) { found += 1 }
      return found
    }
  }

  private static func walkUnlocked(_ count: Int) -> UInt64 {
    withReservation(count) { reservation in
      var found = 0
      var cursor = ReservationCursor(reservation, upTo: .bookkeep)
      while cursor.next() != nil { found += 1 }
      cursor.end()
      return found
    }
  }

  /// Measures twenty walks over a locked reservation.
  private static func withReservation(_ count: Int, _ walk: (Reservation) -> Int) -> UInt64 {
    let reservation = filled(count)
    do throws(Errno) {
      try reservation.lock()
    } catch {
      preconditionFailure("nobody else has the lock")
    }
    let time = timed {
      for _ in 0..<20 { precondition(walk(reservation) == count, "every fence is found") }
    }
    reservation.unlock()
    reservation.destroy()
    RCU.barrier()
    return time
  }

  /// Its fences lie in one list from the beginning; adding compares each with all others.
  private static func filled(_ count: Int) -> Reservation {
    let reservation = Reservation.make()
    do throws(Errno) {
      try reservation.withLock { () throws(Errno) in
        try reservation.reserve(count)
        for number in 1...UInt64(count) {
          let fence = plain(context: number)
          reservation.add(fence, .read)
          fence.put()
        }
      }
    } catch {
      preconditionFailure("there is memory for a list")
    }
    return reservation
  }

  private static func plain(context: UInt64) -> Fence {
    Fence.make(operations: operations, context: context, seqno: 1)
  }

  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "plain" }, timelineName: { _ in "line" }))

  private static func timed(_ body: () -> Void) -> UInt64 {
    let begin = threadTime()
    body()
    return threadTime() - begin
  }
}
