internal import Machine

extension ExplorationConductor {
  /// What the event will touch when its turn comes.
  func footprint(of event: Event, by thread: VirtualThread) -> Footprint {
    var step = Footprint()
    switch event {
    case .access(let access):
      place(&step, access.address, access.width)
      step.writes = access.mayWrite
      step.enables = access.mayWrite && access.mark != .plain
    case .spin(let condition): place(&step, condition.address, condition.width)
    case .acquire(let lock), .tryAcquire(let lock):
      place(&step, lock.lock, 4)
      step.writes = true
      if lock.kind == .spinning { maskPreemption(&step, thread) }
    case .release(let lock):
      place(&step, lock.lock, 4)
      (step.writes, step.releases, step.enables) = (true, true, true)
      if lock.kind == .spinning { unmaskPreemption(&step, thread) }
    case .isHeld(let lock): place(&step, lock, 4)
    case .level(let level, let change): mask(&step, level, change, thread)
    case .enter: if thread.readerDepth == 0 { step.grace = .readerBegins }
    case .exit: if thread.readerDepth == 1 { (step.grace, step.enables) = (.readerEnds, true) }
    case .park(let word, _, _):
      place(&step, word, 4)
      step.writes = true
    case .wake(let word, _):
      place(&step, word, 4)
      (step.writes, step.releases, step.enables) = (true, true, true)
    case .gracePeriod: step.grace = .starts
    case .afterGracePeriod, .retire: (step.grace, step.queue) = (.starts, .adds)
    case .graceBarrier: step.queue = .marks
    case .free(let address):
      step.object = arena.object(at: address)
      step.frees = true
    case .clock: step.time = .reads
    case .delay: step.time = .advances
    default: break
    }
    return step
  }

  private func place(_ step: inout Footprint, _ address: UInt, _ width: UInt8) {
    step.location = arena.location(of: address, width: width)
    step.object = arena.object(at: address)
  }

  private func mask(
    _ step: inout Footprint, _ level: Level, _ change: LevelChange, _ thread: VirtualThread
  ) {
    switch (level, change) {
    case (.preemption, .off): maskPreemption(&step, thread)
    case (.preemption, .on): unmaskPreemption(&step, thread)
    case (.interrupts, .off):
      if thread.interruptsOff == 0 { step.interrupts = .masks }
      if !thread.keepsSoftirqsOut { step.softirqs = .masks }
      if thread.readerDepth == 0 { step.grace = .readerBegins }
      if thread.preemptionDepth == 0 { step.preemption = .masks }
    case (.interrupts, .on):
      if thread.interruptsOff == 1 { (step.interrupts, step.enables) = (.unmasks, true) }
      if thread.interruptsOff == 1, thread.softirqsOff == 0 { step.softirqs = .unmasks }
      if thread.readerDepth == 1 { step.grace = .readerEnds }
      if thread.preemptionDepth == 1 { step.preemption = .unmasks }
    case (.softirqs, .off):
      if thread.preemptionDepth == 0 { step.preemption = .masks }
      if !thread.keepsSoftirqsOut { step.softirqs = .masks }
      if thread.readerDepth == 0 { step.grace = .readerBegins }
    case (.softirqs, .on):
      if thread.softirqsOff == 1, thread.interruptsOff == 0 {
        (step.softirqs, step.enables) = (.unmasks, true)
      }
      if thread.preemptionDepth == 1 { step.preemption = .unmasks }
      if thread.readerDepth == 1 { step.grace = .readerEnds }
    }
  }

  private func maskPreemption(_ step: inout Footprint, _ thread: VirtualThread) {
    if thread.preemptionDepth == 0 { step.preemption = .masks }
    if thread.readerDepth == 0 { step.grace = .readerBegins }
  }

  private func unmaskPreemption(_ step: inout Footprint, _ thread: VirtualThread) {
    if thread.preemptionDepth == 1 { step.preemption = .unmasks }
    if thread.readerDepth == 1 { (step.grace, step.enables) = (.readerEnds, true) }
  }

  /// A number that is the same whenever the thread is about to do the same, in any process.
  func signature(of thread: VirtualThread) -> UInt32 {
    var hash = Hash()
    hash.mix(UInt64(thread.index))
    switch thread.pending {
    case .event(let event): mix(event, into: &hash)
    case .enterHandler: hash.mix(thread.context == .interrupt ? 1001 : 1005)
    case .wakeUp: hash.mix(1002)
    case .graceEnds: hash.mix(1003)
    case .reclaim: hash.mix(1004)
    case .queueDone: hash.mix(1006)
    }
    return hash.value | 1
  }

  private func mix(_ event: Event, into hash: inout Hash) {
    switch event {
    case .access(let access):
      hash.mix(1 + UInt64(access.kind.rawValue))
      hash.mix(UInt64(access.mark.rawValue))
      mix(access.address, into: &hash)
    case .spin(let condition): mix(20, condition.address, into: &hash)
    case .acquire(let lock): mix(21, lock.lock, into: &hash)
    case .tryAcquire(let lock): mix(22, lock.lock, into: &hash)
    case .release(let lock): mix(23, lock.lock, into: &hash)
    case .isHeld(let lock): mix(24, lock, into: &hash)
    case .level(let level, let change):
      hash.mix(30 + UInt64(level.rawValue) * 2 + UInt64(change.rawValue))
    case .enter: hash.mix(40)
    case .exit: hash.mix(41)
    case .park(let word, _, _): mix(42, word, into: &hash)
    case .wake(let word, _): mix(43, word, into: &hash)
    case .gracePeriod: hash.mix(44)
    case .free(let address): mix(45, address, into: &hash)
    case .retire(let address): mix(46, address, into: &hash)
    case .afterGracePeriod: hash.mix(47)
    case .graceBarrier: hash.mix(48)
    case .clock: hash.mix(49)
    case .delay: hash.mix(50)
    default: hash.mix(99)
    }
  }

  private func mix(_ kind: UInt64, _ address: UInt, into hash: inout Hash) {
    hash.mix(kind)
    mix(address, into: &hash)
  }

  /// Identifies an address by object and offset, which do not depend on the process.
  private func mix(_ address: UInt, into hash: inout Hash) {
    let index = arena.object(at: address)
    guard index >= 0 else { return hash.mix(7) }
    let object = arena.objects[Int(index)]
    hash.mix(UInt64(object.allocator) << 32 | UInt64(object.ordinal))
    hash.mix(UInt64(address - object.address))
  }
}

/// FNV-1a: small, and the same in every process, unlike the standard library's hashing.
struct Hash {
  private(set) var value: UInt32 = 2_166_136_261

  mutating func mix(_ word: UInt64) {
    var rest = word
    for _ in 0..<8 {
      value = (value ^ UInt32(rest & 0xff)) &* 16_777_619
      rest >>= 8
    }
  }

  mutating func mix(_ text: String) { for byte in text.utf8 { mix(UInt64(byte)) } }
}
