internal import Machine

/// Something that happens after a grace period, without anybody waiting.
struct ReclaimItem {
  enum Work {
    case free(UInt)
    case body(@Sendable () -> Void)
  }

  var work: Work
  var ticket: GraceTicket
  /// What the handing over depends on, and what the thread that did it knew.
  var order: VectorClock
  var sync: VectorClock
}

extension ExplorationConductor {
  // MARK: - Readers

  /// One more reason why grace periods wait for this thread.
  func enterReaderRegion(_ thread: VirtualThread) {
    thread.readerDepth += 1
    if thread.readerDepth == 1 { sync.readerBegins(thread) }
  }

  func leaveReaderRegion(_ thread: VirtualThread) {
    thread.readerDepth -= 1
    if thread.readerDepth == 0 {
      thread.leftRegions.append(thread.sync)
    }
  }

  func enterReadSection(_ thread: VirtualThread) {
    thread.readDepth += 1
    enterReaderRegion(thread)
  }

  func leaveReadSection(_ thread: VirtualThread) {
    if let failure = thread.leaveReadSection() { return fail(failure) }
    leaveReaderRegion(thread)
  }

  // MARK: - Grace periods

  private func ticket() -> GraceTicket {
    var ticket = GraceTicket()
    ticket.regionsLeft = threads.map(\.leftRegions.count)
    for thread in threads where thread.readerDepth > 0 { ticket.readers |= thread.bit }
    return ticket
  }

  func haveLeft(_ ticket: GraceTicket) -> Bool {
    var waiting = ticket.readers
    while waiting != 0 {
      let index = waiting.trailingZeroBitCount
      waiting &= waiting - 1
      if threads[index].leftRegions.count == ticket.regionsLeft[index] { return false }
    }
    return true
  }

  func graceBegins(for thread: VirtualThread) -> Bool {
    if let failure = thread.graceMisuse {
      fail(failure)
      return true
    }
    sync.graceBegins(thread)
    thread.pending = .graceEnds(ticket())
    thread.footprint = Footprint()
    thread.footprint.grace = .ends
    return false
  }

  func graceEnds(_ ticket: GraceTicket, for thread: VirtualThread) {
    thread.sync.join(knowledge(of: ticket))
  }

  /// What a grace period teaches: everything known at the end of each region that began before it.
  private func knowledge(of ticket: GraceTicket) -> VectorClock {
    var known = VectorClock.zero
    for (thread, left) in zip(threads, ticket.regionsLeft) {
      let count = ticket.readers & thread.bit != 0 ? left + 1 : left
      if count > 0 { known.join(thread.leftRegions[count - 1]) }
    }
    return known
  }

  // MARK: - Deferred work

  func retire(_ address: UInt, by thread: VirtualThread) {
    let object = arena.object(at: address)
    guard object >= 0, !arena.objects[Int(object)].hasEnded else {
      return fail(.retiresAgain(thread.name, object, in: arena))
    }
    arena.markRetired(Int(object))
    enqueue(.free(address), by: thread)
  }

  /// Queues work for the reclaimer, which is a thread of its own on no CPU: deferred work runs in
  /// the order in which it was queued, at any time after its grace period.
  func enqueue(_ work: ReclaimItem.Work, by thread: VirtualThread) {
    sync.graceBegins(thread)
    reclaimQueue.append(
      ReclaimItem(work: work, ticket: ticket(), order: thread.order, sync: thread.sync))
    if reclaimer == nil {
      let spawn = Spawn(name: "reclaimer", cpu: 0, context: .softirq, body: {})
      let made = makeThread(spawn, after: thread)
      made.cpu = Limits.cpuCountMax
      made.body = nil
      reclaimer = made
    }
    if reclaimQueue.count == 1 { prepareReclaimer() }
  }

  private func prepareReclaimer() {
    guard let reclaimer, let item = reclaimQueue.first else { return }
    reclaimer.state = .ready
    reclaimer.pending = .reclaim
    // It was handed over before; what somebody handed over since has nothing to do with it.
    reclaimer.order.join(item.order)
    reclaimer.footprint = Footprint()
    reclaimer.footprint.grace = .ends
    if case .free(let address) = item.work {
      reclaimer.footprint.object = arena.object(at: address)
      reclaimer.footprint.frees = true
    }
  }

  /// Does the oldest piece of deferred work.
  ///
  /// - Returns: Whether it is a body, which then runs on the reclaimer's stack.
  func reclaim() -> Bool {
    guard let reclaimer, let item = reclaimQueue.first else { return false }
    reclaimer.sync = item.sync
    reclaimer.sync.join(knowledge(of: item.ticket))
    reclaimer.sync[reclaimer.index] = reclaimer.steps
    switch item.work {
    case .free(let address):
      free(address, by: reclaimer)
      reclaimedItem()
      return false
    case .body(let body):
      reclaimer.body = body
      startCoroutine(of: reclaimer)
      return true
    }
  }

  /// A deferred body has returned.
  func reclaimedBody() {
    reclaimer?.body = nil
    reclaimedItem()
  }

  private func reclaimedItem() {
    guard let reclaimer else { return }
    reclaimed.append((reclaimer.order, reclaimer.sync))
    reclaimQueue.removeFirst()
    if reclaimQueue.isEmpty { reclaimer.state = .ended } else { prepareReclaimer() }
  }

  /// Waits for everything that was handed over so far.
  ///
  /// - Returns: Whether all of it is done.
  func queueBarrierBegins(for thread: VirtualThread) -> Bool {
    let count = reclaimed.count + reclaimQueue.count
    guard reclaimed.count < count else {
      learnFromReclaimed(count, by: thread)
      return true
    }
    thread.pending = .queueDone(count: count)
    thread.footprint = Footprint()
    return false
  }

  /// The end of so many pieces of deferred work comes before what the thread does now.
  func learnFromReclaimed(_ count: Int, by thread: VirtualThread) {
    guard count > 0 else { return }
    thread.order.join(reclaimed[count - 1].order)
    thread.sync.join(reclaimed[count - 1].sync)
  }
}
