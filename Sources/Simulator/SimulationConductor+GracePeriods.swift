import Machine

/// One wait for all read sections that were open when it began.
final class GracePeriod {
  enum End {
    case resume(VirtualThread)
    case run(Spawn)
    case free(address: UInt, by: VirtualThread)
  }

  var readers: [VirtualThread]
  let end: End

  init(readers: [VirtualThread], end: End) {
    self.readers = readers
    self.end = end
  }
}

extension SimulationConductor {
  func enter(_ section: Section, _ thread: VirtualThread) {
    switch section {
    case .rcuRead: thread.readSections += 1
    case .signaling: lockOrder?.enterSignaling(thread)
    }
  }

  func exit(_ section: Section, _ thread: VirtualThread) {
    if section == .signaling { lockOrder?.leaveSignaling(thread) }
    guard section == .rcuRead else { return }
    thread.readSections -= 1
    if thread.readSections < 0 { fail("leaves a read section it is not in", thread) }
    noteQuiescence(of: thread)
  }

  func waitForGracePeriod(_ thread: VirtualThread) {
    if thread.isReader && !thread.isHidden {
      fail("waits for a grace period inside a read section", thread)
    }
    openWaitSpan(thread, "waits for a grace period")
    begin(.resume(thread), besides: thread)
    _ = wait(thread, .grace, leavingProcessor: true)
  }

  func runAfterGracePeriod(_ thread: VirtualThread, _ body: @escaping @Sendable () -> Void) {
    graceWorkCount += 1
    let spawn = Spawn(name: "rcu callback", cpu: thread.cpu, context: .softirq) { [unowned self] in
      body()
      graceWorkEnded()
    }
    begin(.run(spawn), besides: nil)
  }

  func retire(_ address: UInt, _ thread: VirtualThread) {
    graceWorkCount += 1
    begin(.free(address: address, by: thread), besides: nil)
  }

  func waitForGraceWork(_ thread: VirtualThread) {
    guard graceWorkCount > 0 else { return }
    graceBarrierWaiters.append(thread)
    _ = wait(thread, .grace, leavingProcessor: true)
  }

  /// Grace periods need no longer wait for a thread that is in no read section.
  func noteQuiescence(of thread: VirtualThread) {
    guard !gracePeriods.isEmpty, !thread.isReader else { return }
    for period in gracePeriods { period.readers.removeAll { $0 === thread } }
    schedule(at: now)
  }

  private func begin(_ end: GracePeriod.End, besides waiter: VirtualThread?) {
    let readers = threads.filter { $0 !== waiter && $0.isReader }
    gracePeriods.append(GracePeriod(readers: readers, end: end))
    schedule(at: now)
  }

  private func schedule(at time: UInt64) {
    for period in gracePeriods where period.readers.isEmpty {
      setAlarm(at: time + costs.graceLatency, .gracePeriodEnds(period))
    }
    gracePeriods.removeAll { $0.readers.isEmpty }
  }

  func end(_ period: GracePeriod, at time: UInt64) {
    switch period.end {
    case .resume(let thread): resume(thread, at: time, result: 0)
    case .run(let spawn): add(spawn, from: nil, at: time)
    case .free(let address, let thread):
      free(address, thread)
      graceWorkEnded(at: time)
    }
  }

  private func graceWorkEnded(at time: UInt64? = nil) {
    graceWorkCount -= 1
    guard graceWorkCount == 0 else { return }
    let waiters = graceBarrierWaiters
    graceBarrierWaiters = []
    for waiter in waiters { resume(waiter, at: time ?? now, result: 0) }
  }
}
