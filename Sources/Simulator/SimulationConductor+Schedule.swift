import Kernel
import Machine
import Timeline

extension SimulationConductor {
  // MARK: - Threads

  /// Makes a thread known; tasks queue for their CPU, handlers wait until their level is open.
  func add(
    _ spawn: Spawn, from parent: VirtualThread?, at time: UInt64? = nil, hidden: Bool = false
  ) {
    precondition(
      processors.indices.contains(spawn.cpu),
      "thread \(spawn.name) wants processor \(spawn.cpu) of \(processors.count)")
    let latency = spawn.context == .interrupt ? costs.interruptLatency : 0
    let start = time ?? (parent.map { $0.isHidden ? 0 : latency } ?? 0) + now
    let thread = VirtualThread(spawn, readyAt: start, isHidden: hidden)
    let processor = processors[spawn.cpu]
    if let parent, !parent.isHidden {
      thread.cause = recorder.latest(on: processors[parent.cpu].name)
    }
    threads.append(thread)
    noteChange(of: processor)
    switch spawn.context {
    case .task: processor.ready.append(thread)
    case .softirq: processor.softirqs.append(thread)
    case .interrupt: processor.interrupts.append(thread)
    }
  }

  /// Hands control to whoever goes next; returns when that is the calling thread again.
  func yieldTurn() {
    guard let thread = current, let coroutine = thread.coroutine else {
      preconditionFailure("only a running thread can wait")
    }
    let processor = processors[thread.cpu]
    if processor.time < horizon { return }
    processor.isStale = true
    let next = pickNext()
    if next === thread { return }
    current = next
    coroutine.switchTo(next?.coroutine ?? home)
  }

  /// Runs all threads until none can go on; called at home.
  func runUntilQuiet() {
    guard let first = pickNext() else { return }
    current = first
    guard let coroutine = first.coroutine else { preconditionFailure("a thread without a stack") }
    home.switchTo(coroutine)
  }

  /// Leaves the CPU and waits; the one who ends the wait sets `result`.
  func wait(_ thread: VirtualThread, _ block: VirtualThread.Block, leavingProcessor: Bool)
    -> UInt64
  {
    if leavingProcessor && thread.isAtomic { fail("sleeps in atomic context", thread) }
    thread.block = block
    thread.hasWaited = true
    noteChange(of: processors[thread.cpu])
    if let event = thread.event, !thread.isHidden {
      tell(ObservedStep(event, cpu: thread.cpu, moment: .waits))
    }
    if leavingProcessor { leave(thread) }
    yieldTurn()
    return thread.result
  }

  /// Ends a thread's wait at `time`.
  func resume(_ thread: VirtualThread, at time: UInt64, result: UInt64) {
    thread.block = nil
    thread.result = result
    thread.readyAt = time
    let processor = processors[thread.cpu]
    noteChange(of: processor)
    if !processor.running.contains(where: { $0 === thread }) { processor.ready.append(thread) }
  }

  private func leave(_ thread: VirtualThread) {
    let processor = processors[thread.cpu]
    precondition(
      processor.running.last === thread, "\(thread.name) leaves a CPU it does not run on")
    processor.running.removeLast()
    noteChange(of: processor)
    closeRunSpan(thread, at: processor.time)
  }

  private func finish(_ thread: VirtualThread) {
    thread.hasEnded = true
    if thread.context == .task && thread.isAtomic && !thread.isHidden {
      fail("ends while something is still masked or locked", thread)
    }
    leave(thread)
    threads.removeAll { $0 === thread }
    if let coroutine = thread.coroutine { idleCoroutines.append(coroutine) }
    thread.coroutine = nil
    if thread.context == .task { freeSlots.append(thread.slot) }
    noteQuiescence(of: thread)
  }

  private func slot(for thread: VirtualThread, _ processor: Processor) -> Int {
    if thread.context != .task { return processor.running.last?.slot ?? idleSlot(processor) }
    if let free = freeSlots.popLast() { return free }
    slotCount += 1
    return slotCount - 1
  }

  private func idleSlot(_ processor: Processor) -> Int {
    processors.firstIndex { $0 === processor } ?? 0
  }

  private func start(_ thread: VirtualThread) {
    let coroutine = idleCoroutines.popLast() ?? Coroutine(stackBytes: Limits.stackBytes)
    thread.coroutine = coroutine
    let body = {
      // Records are reused, also by later runs: nobody starts with another task's signal.
      if thread.context == .task { KernelTask.current.clearSignal() }
      thread.body()
    }
    coroutine.begin(body) { [unowned self] in
      finish(thread)
      current = pickNext()
      return current?.coroutine ?? home
    }
  }

  // MARK: - Choosing

  /// Has a processor look ahead again before anything else happens.
  func noteChange(of processor: Processor) {
    processor.isStale = true
    horizon = 0
  }

  /// Moves virtual time to the next thing that can happen, and returns the thread that does it.
  private func pickNext() -> VirtualThread? {
    horizon = 0
    while !isExhausted {
      var best = -1
      var bestTime = UInt64.max
      for index in processors.indices {
        let processor = processors[index]
        if processor.isStale { processor.lookAhead() }
        if processor.nextStep != .nothing, best < 0 || processor.nextTime < bestTime {
          (best, bestTime) = (index, processor.nextTime)
        }
      }
      if let due = alarms.first, due.time <= bestTime {
        alarms.remove(due)
        ring(due)
        continue
      }
      if best < 0 { return nil }
      let processor = processors[best]
      processor.time = max(processor.time, bestTime)
      processor.isStale = true
      return take(processor)
    }
    return nil
  }

  private func take(_ processor: Processor) -> VirtualThread? {
    let thread: VirtualThread
    switch processor.nextStep {
    case .nothing: return nil
    case .goOn:
      horizon = timeOfWhatComes(after: processor)
      guard let running = processor.running.last else { return nil }
      if running.waitSpan != nil { closeWaitSpan(running, at: processor.time) }
      return running
    case .deliver: thread = processor.interrupts.removeFirst()
    case .deliverSoftirq: thread = processor.softirqs.removeFirst()
    case .dispatch(let index): thread = processor.ready.remove(at: index)
    }
    if thread.coroutine == nil {
      thread.slot = slot(for: thread, processor)
      start(thread)
    }
    if thread.context == .task { setAside(processor) }
    processor.running.append(thread)
    closeWaitSpan(thread, at: processor.time)
    openRunSpan(thread, at: processor.time)
    return thread
  }

  /// When something else can happen than that this processor goes on with what it runs.
  private func timeOfWhatComes(after running: Processor) -> UInt64 {
    var time = min(
      alarms.first?.time ?? .max, running.interrupts.first?.readyAt ?? .max,
      running.softirqs.first?.readyAt ?? .max)
    for processor in processors where processor !== running && processor.nextStep != .nothing {
      time = min(time, processor.nextTime)
    }
    return time
  }

  /// Takes a spinning task off the CPU; it comes back when its wait has ended.
  private func setAside(_ processor: Processor) {
    guard let spinning = processor.running.popLast() else { return }
    closeRunSpan(spinning, at: processor.time)
  }

  private func ring(_ alarm: Alarm) {
    switch alarm.action {
    case .timeout(let thread):
      thread.alarm = nil
      timeOut(thread, at: alarm.time)
    case .gracePeriodEnds(let period): end(period, at: alarm.time)
    }
  }

  // MARK: - Drawing

  private func isDrawn(_ thread: VirtualThread, on processor: Processor) -> Bool {
    isDrawing && processor.drawsThreads && !thread.isHidden
  }

  private func openRunSpan(_ thread: VirtualThread, at time: UInt64) {
    let processor = processors[thread.cpu]
    guard isDrawn(thread, on: processor) else { return }
    let span = recorder.open(thread.name, on: processor.name, at: time)
    if let cause = thread.cause { recorder.flow(from: cause, to: span) }
    thread.cause = nil
    thread.runSpan = span
  }

  private func closeRunSpan(_ thread: VirtualThread, at time: UInt64) {
    if let span = thread.runSpan { recorder.close(span, at: time) }
    thread.runSpan = nil
  }

  /// Draws that a thread waits, from now until it goes on.
  func openWaitSpan(_ thread: VirtualThread, _ label: String) {
    let processor = processors[thread.cpu]
    guard isDrawn(thread, on: processor) else { return }
    thread.waitSpan = recorder.open(label, on: processor.name, at: processor.time, kind: .wait)
  }

  private func closeWaitSpan(_ thread: VirtualThread, at time: UInt64) {
    if let span = thread.waitSpan { recorder.close(span, at: time) }
    thread.waitSpan = nil
  }
}
