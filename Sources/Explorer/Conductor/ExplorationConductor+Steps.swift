internal import Machine

extension ExplorationConductor {
  /// Lets the chosen thread take its pending step.
  ///
  /// - Returns: Whether the thread goes on running now; otherwise it waits for another step.
  func takeStep(of thread: VirtualThread) -> Bool {
    let searching = script == nil && phase == .running
    thread.steps += 1
    if searching, !tree.isBeforeLastDecision { wantAlternatives(to: thread) }
    let step = thread.footprint
    order.take(step, by: thread)
    note(step, of: thread, searching: searching)
    let pending = thread.pending
    sync.beginStep(of: thread)
    let goesOn = takeEffect(of: thread)
    sync.endStep(of: thread)
    if case .event(let event) = pending { tell(event, thread.result, of: thread, goesOn: goesOn) }
    if step.writes { wakeLoops(on: step.location) }
    noteTurn(of: thread, pending)
    if !invariants.isEmpty { checkInvariants() }
    return goesOn
  }

  /// Tells the observers, if there are any.
  func tell(_ event: Event, _ result: UInt64, of thread: VirtualThread, goesOn: Bool = true) {
    guard !observers.isEmpty, phase != .draining else { return }
    let isAlone = phase == .setup || phase == .finishing
    let step = ObservedStep(
      event, result: result, cpu: thread.cpu,
      moment: isAlone ? .outsideThreads : goesOn ? .done : .waits)
    for observer in observers { observer.observe(step) }
  }

  private func note(_ step: Footprint, of thread: VirtualThread, searching: Bool) {
    var bitsBefore: UInt64 = 0
    if case .event(.access(let access)) = thread.pending, access.mayWrite {
      bitsBefore = arena.read(access.address, width: access.width)
    }
    let signature = recorder == nil ? 0 : signature(of: thread)
    var decision = -1
    if searching {
      decision = tree.didStep { staysAsleep(threads[$0], after: step, of: thread) }
    }
    trace.append(
      Step(
        thread: thread.index, count: thread.steps, footprint: step, decision: decision,
        enabled: enabledNow, enterStep: thread.enterStep,
        interruptedStep: interruptedStep(by: thread),
        wasUnpreempted: thread.preemptionDepth > 0,
        wasMasked: thread.interruptsOff > 0, keptSoftirqsOut: thread.keepsSoftirqsOut,
        order: thread.order,
        bitsBefore: bitsBefore,
        signature: signature))
  }

  /// Where the softirq began that this handler interrupts, or -1.
  private func interruptedStep(by thread: VirtualThread) -> Int32 {
    let softirq = activeSoftirqs[thread.cpu]
    return thread.context == .interrupt && softirq >= 0 ? threads[softirq].enterStep : -1
  }

  /// Whether what follows is still the same if the sleeper had stepped before.
  ///
  /// A handler's entry stands for all that the handler will do before its CPU goes on, which nobody
  /// knows yet.
  private func staysAsleep(
    _ sleeper: VirtualThread, after step: Footprint, of thread: VirtualThread
  ) -> Bool {
    let sameCPU = sleeper.cpu == thread.cpu
    if sameCPU, sleeper.footprint.enters != .none { return false }
    return !areDependent(
      sleeper.footprint, step, sameCPU: sameCPU, bothTasks: sleeper.isTask && thread.isTask)
  }

  /// Does what the pending step says.
  private func takeEffect(of thread: VirtualThread) -> Bool {
    let pending = thread.pending
    recorder?.willTake(pending, of: thread, arena: arena)
    defer { recorder?.didTake(thread) }
    switch pending {
    case .event(let event): return takeEvent(event, by: thread)
    case .enterHandler: enterHandler(thread)
    case .wakeUp(let word, let deadline): wakeUp(thread, from: word, deadline: deadline)
    case .graceEnds(let ticket): graceEnds(ticket, for: thread)
    case .reclaim: return reclaim()
    case .queueDone(let count): learnFromReclaimed(count, by: thread)
    }
    return true
  }

  /// Does what an event says whose turn has come.
  func takeEvent(_ event: Event, by thread: VirtualThread) -> Bool {
    thread.result = 0
    switch event {
    case .access(let access): thread.result = take(access, by: thread)
    case .spin(let condition): thread.result = observe(condition, by: thread)
    case .acquire(let step): acquire(step, by: thread)
    case .tryAcquire(let step): thread.result = tryAcquire(step, by: thread)
    case .release(let step): release(step, by: thread)
    case .isHeld(let lock): thread.result = holders[lock] == nil ? 0 : 1
    case .level(let level, let change): take(level, change, by: thread)
    case .enter: enterReadSection(thread)
    case .exit: leaveReadSection(thread)
    case .park(let word, let expected, let deadline):
      return park(thread, on: word, while: expected, deadline: deadline)
    case .wake(let word, let count): thread.result = wake(word, count: count, by: thread)
    case .gracePeriod: return graceBegins(for: thread)
    case .free(let address): free(address, by: thread)
    case .retire(let address): retire(address, by: thread)
    case .afterGracePeriod(let body): enqueue(.body(body), by: thread)
    case .graceBarrier: return queueBarrierBegins(for: thread)
    case .clock: thread.result = now
    case .delay(let nanoseconds): now += nanoseconds
    case .barrier, .membarrier, .lockClass, .lockOrder, .allocate, .spawn, .choose, .obligation,
      .expectation:
      preconditionFailure("explorer: \(event) is no step")
    }
    return true
  }

  /// Does what needs no decision: nothing another thread does can come out differently.
  func performLocally(_ event: Event, by thread: VirtualThread) -> UInt64? {
    switch event {
    case .barrier(let kind, _): sync.barrier(kind, by: thread)
    case .membarrier: for other in threads { sync.barrier(.full, by: other) }
    case .lockClass(let lock): lockOrder.name(lock)
    case .allocate(let request): return allocate(request, by: thread)
    case .spawn(let spawn): addThread(spawn)
    case .choose(let limit, _): return choose(below: limit, by: thread)
    case .obligation(let obligation): note(obligation)
    case .expectation(let claim): check(claim)
    case .enter(.signaling): lockOrder.enterSignaling(thread.lockTaker)
    case .exit(.signaling): lockOrder.leaveSignaling(thread.index)
    case .lockOrder(let note):
      lockOrder.note(note, by: thread.lockTaker, in: arena)
      noteLockOrder()
    case .enter(.rcuRead) where thread.readDepth > 0:
      thread.readDepth += 1
      thread.readerDepth += 1
    case .exit(.rcuRead) where thread.readDepth > 1:
      thread.readDepth -= 1
      thread.readerDepth -= 1
    default: return nil
    }
    return 0
  }

  /// Does what the setup or the final claims do: nobody else runs, so waiting would never end.
  func performAlone(_ event: Event, by thread: VirtualThread) -> UInt64 {
    thread.pending = .event(event)
    thread.footprint = footprint(of: event, by: thread)
    thread.steps += 1
    guard isReady(thread) else {
      fail(.waitAlone(thread.name, sleeps: false))
      return 0
    }
    order.take(thread.footprint, by: thread)
    sync.beginStep(of: thread)
    if !takeEvent(event, by: thread) { finishAlone(thread) }
    sync.endStep(of: thread)
    return thread.result
  }

  /// The second half of an event that waits, where nobody else runs.
  private func finishAlone(_ thread: VirtualThread) {
    switch thread.pending {
    case .graceEnds(let ticket): graceEnds(ticket, for: thread)
    case .wakeUp(let word, let deadline) where deadline != nil:
      wakeUp(thread, from: word, deadline: deadline)
    default: fail(.waitAlone(thread.name, sleeps: true))
    }
  }

  private func choose(below limit: UInt64, by thread: VirtualThread) -> UInt64 {
    if phase == .draining || limit <= 1 { return 0 }
    guard let value = script == nil ? tree.choose(below: limit) : script?.nextChoice(below: limit)
    else {
      ending = .diverged
      return 0
    }
    choices.append(Choice(position: trace.count, value: value))
    return value
  }
}
