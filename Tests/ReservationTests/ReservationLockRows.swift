import Kernel
import Machine
import Reservations
import Testing

/// The rows of the kernel's `drm_exec` suite, under their own names.
struct ReservationLockRows {
  @Test func `drm_exec: sanitycheck`() {
    var locks = ReservationLocks([.interruptible])
    locks.finish()
  }

  @Test func `drm_exec: test_lock`() {
    let buffer = Buffer.make()
    takeAll(with: []) { locks throws(Errno) in try locks.lock(buffer) }
    buffer.put()
  }

  @Test func `drm_exec: test_lock_unlock`() {
    let buffer = Buffer.make()
    takeAll(with: []) { locks throws(Errno) in
      try locks.lock(buffer)
      locks.unlock(buffer)
      try locks.lock(buffer)
    }
    buffer.put()
  }

  @Test func `drm_exec: test_duplicates`() {
    let buffer = Buffer.make()
    takeAll(with: [.ignoringDuplicates]) { locks throws(Errno) in
      try locks.lock(buffer)
      try locks.lock(buffer)
    }
    var locks = ReservationLocks()
    while locks.needsAnotherTurn() {
      let results = (0..<2).map { _ in attempt(&locks, buffer) }
      #expect(results == [nil, .already])
    }
    locks.finish()
    buffer.put()
  }

  @Test func `drm_exec: test_prepare`() {
    let buffer = Buffer.make()
    takeAll(with: []) { locks throws(Errno) in try locks.prepare(buffer, slots: 1) }
    buffer.put()
  }

  @Test func `drm_exec: test_prepare_array`() {
    let buffers = [Buffer.make(), Buffer.make()]
    takeAll(with: []) { locks throws(Errno) in try locks.prepare(buffers, slots: 1) }
    for buffer in buffers { buffer.put() }
  }

  @Test func `drm_exec: test_multiple_loops`() {
    for _ in 0..<2 {
      var locks = ReservationLocks([.interruptible])
      while locks.needsAnotherTurn() { break }
      locks.finish()
    }
  }

  @Test func `a signal ends the wait for a buffer, and nothing stays locked`() throws {
    let buffer = Buffer.make()
    try buffer.reservation.lock()
    let thread = KernelThread.start("waiter") {
      KernelTask.current.sendSignal()
      var locks = ReservationLocks([.interruptible])
      while locks.needsAnotherTurn() {
        Machine.expect(attempt(&locks, buffer) == .interrupted, "the signal ends the wait")
      }
      Machine.expect(locks.lockedBuffers.isEmpty, "nothing is locked")
      locks.finish()
      KernelTask.current.clearSignal()
    }
    thread.join()
    buffer.reservation.unlock()
    buffer.put()
  }

  @Test func `a buffer that is prepared for no fence at all is not locked`() {
    let buffer = Buffer.make()
    let log = WarningLog()
    var locks = ReservationLocks()
    var failures: [Errno?] = []
    while locks.needsAnotherTurn() {
      log.collect {
        failures.append(outcome { () throws(Errno) in try locks.prepare(buffer, slots: 0) })
      }
    }
    #expect(failures == [.invalidArgument])
    #expect(log.messages == ["no slot at all was asked for"])
    let locked = locks.lockedBuffers
    #expect(locked.isEmpty && !buffer.reservation.isLocked)
    locks.finish()
    buffer.put()
  }

  private func takeAll(
    with options: ReservationLocks.Options,
    _ body: (inout ReservationLocks) throws(Errno) -> Void
  ) {
    var locks = ReservationLocks(options)
    var turns = 0
    while locks.needsAnotherTurn() {
      turns += 1
      let failure = outcome { () throws(Errno) in try body(&locks) }
      #expect(failure == nil)
    }
    #expect(turns == 1)
    locks.finish()
  }
}

/// What locking throws, or nil.
func attempt(_ locks: inout ReservationLocks, _ buffer: Buffer) -> Errno? {
  do throws(Errno) {
    try locks.lock(buffer)
    return nil
  } catch {
    return error
  }
}
