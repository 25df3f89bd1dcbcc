internal import Machine

extension ExplorationConductor {
  func acquire(_ step: LockStep, by thread: VirtualThread) {
    take(step, tried: false, by: thread)
  }

  private func take(_ step: LockStep, tried: Bool, by thread: VirtualThread) {
    use(step.lock, by: thread)
    if phase != .draining {
      lockOrder.acquired(step, tried: tried, by: thread.lockTaker, in: arena)
      noteLockOrder()
    }
    holders[step.lock] = thread.index
    thread.held.append(step.lock)
    sync.acquired(step.lock, by: thread)
    if step.kind == .spinning {
      thread.preemptionOff += 1
      enterReaderRegion(thread)
    }
  }

  func tryAcquire(_ step: LockStep, by thread: VirtualThread) -> UInt64 {
    guard holders[step.lock] == nil else {
      use(step.lock, by: thread)
      return 0
    }
    take(step, tried: true, by: thread)
    return 1
  }

  func release(_ step: LockStep, by thread: VirtualThread) {
    use(step.lock, by: thread)
    let holder = holders[step.lock].map { threads[$0].name }
    if let failure = thread.giveBack(step.lock, heldInsteadBy: holder, in: arena) {
      return fail(failure)
    }
    lockOrder.released(step.lock, by: thread.index)
    holders[step.lock] = nil
    sync.released(step.lock, by: thread)
    if step.kind == .spinning {
      thread.preemptionOff -= 1
      leaveReaderRegion(thread)
    }
  }

  func take(_ level: Level, _ change: LevelChange, by thread: VirtualThread) {
    if let failure = thread.change(level, change) { return fail(failure) }
    if change == .off { enterReaderRegion(thread) } else { leaveReaderRegion(thread) }
    if change == .on, phase != .draining {
      lockOrder.enabled(level, by: thread.lockTaker)
      noteLockOrder()
    }
  }

  // MARK: - The order of locks

  /// Keeps the schedule that led to what is new.
  func noteLockOrder() {
    lockOrder.explainFacts { SavedSchedule(currentScript()) }
  }

  // MARK: - Handlers

  func enterHandler(_ thread: VirtualThread) {
    setActive(thread, thread.index)
    thread.enterStep = Int32(trace.count - 1)
    enterReaderRegion(thread)
  }

  func leaveHandler(_ thread: VirtualThread) {
    setActive(thread, -1)
    leaveReaderRegion(thread)
    order.readerLeft(thread)
  }

  private func setActive(_ thread: VirtualThread, _ index: Int) {
    if thread.context == .interrupt {
      activeHandlers[thread.cpu] = index
    } else {
      activeSoftirqs[thread.cpu] = index
    }
  }

  /// Whether the CPU lets this thread run: task < softirq < interrupt, and tasks not across each
  /// other's regions without preemption.
  func mayRun(_ thread: VirtualThread) -> Bool {
    let handler = activeHandlers[thread.cpu]
    if handler >= 0 { return handler == thread.index }
    if thread.context == .interrupt { return !masksInterrupts(thread.cpu) }
    let softirq = activeSoftirqs[thread.cpu]
    if softirq >= 0 { return softirq == thread.index }
    guard thread.isTask else { return thread === reclaimer || !keepsSoftirqsOut(thread.cpu) }
    return !threads.contains { other in
      other !== thread && other.cpu == thread.cpu && other.isTask && other.state == .ready
        && other.preemptionDepth > 0
    }
  }

  private func masksInterrupts(_ cpu: Int) -> Bool {
    threads.contains { $0.cpu == cpu && $0.state == .ready && $0.interruptsOff > 0 }
  }

  private func keepsSoftirqsOut(_ cpu: Int) -> Bool {
    threads.contains { $0.cpu == cpu && $0.state == .ready && $0.keepsSoftirqsOut }
  }
}
