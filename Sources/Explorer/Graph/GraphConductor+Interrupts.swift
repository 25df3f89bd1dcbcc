internal import Machine

// A handler's nodes stand in the lane of the task that it interrupts. Where it fires is a choice,
// offered only before steps that can tell: those that use a word which the handler was ever seen to
// use, that mask it, that wait, that end an object, or, in weak memory, that order anything. Firing
// between two other steps is the same as firing before the next of these.
//
// A softirq is a handler that interrupts may interrupt. What a thread raises on its own CPU is
// armed there and then; a softirq or interrupt for another CPU has a lane of its own.

extension GraphConductor {
  /// Gives each handler the lane of the task on its CPU: an idle one where there is none.
  func joinHandlers() {
    for handler in threads.dropFirst() where !handler.isTask {
      let task = threads.dropFirst().first { $0.isBelow(handler) } ?? idleTask(on: handler.cpu)
      handler.lane = task.lane
      handler.state = .armed
    }
  }

  private func idleTask(on cpu: Int) -> GraphThread {
    let idle = makeThread(Spawn(name: "idle", cpu: cpu, context: .task, body: {}))
    idle.isIdle = true
    return idle
  }

  /// Lets a handler fire in the lane of whoever raised it.
  func arm(_ spawn: Spawn) {
    let handler = makeThread(spawn)
    handler.lane = running.lane
    handler.state = .armed
    handler.raiser = running.below == nil ? nil : running
  }

  /// Lets armed handlers of the thread's CPU fire before it goes on, in any order; what one raises
  /// is then armed too.
  func offerHandlers(before event: Event, of thread: GraphThread) {
    var declined: UInt32 = 0
    while let handler = threads.first(where: {
      declined & 1 << UInt32($0.index) == 0 && $0.mayInterrupt(thread) && canTell(event, $0)
    }) {
      if choose(below: 2, by: thread) == 1 {
        fire(handler, over: thread)
        declined = 0
      } else {
        declined |= 1 << UInt32(handler.index)
      }
    }
  }

  /// A lane's first thread has ended: what has not fired yet fires now, in any order.
  func fireArmed(under thread: GraphThread) {
    guard phase == .running || phase == .priming, thread.below == nil, !thread.keepsSoftirqsOut
    else { return }
    while true {
      let armed = threads.filter { $0.state == .armed && $0.lane == thread.lane }
      guard !armed.isEmpty, failure == nil else { return }
      let next = choose(below: UInt64(armed.count), by: thread)
      fire(armed[Int(next)], over: thread)
    }
  }

  private func fire(_ handler: GraphThread, over thread: GraphThread) {
    note(GraphNode(kind: .handlerEnters, lane: UInt8(thread.lane)))
    recorder?.didEnter(graph.lanes[thread.lane][cursors[thread.lane] - 1], handler)
    handler.state = .ready
    handler.below = thread
    thread.state = .interrupted
    handler.now = thread.now
    running = handler
    enterReaderRegion(handler)
    thread.coroutine.switchTo(handler.coroutine)
  }

  /// A handler has ended: the thread that goes on.
  func interrupted(by handler: GraphThread) -> GraphThread? {
    guard let below = handler.below else { return nil }
    leaveReaderRegion(handler)
    below.state = .ready
    running = below
    return below
  }

  // MARK: - Who can tell

  /// Whether it matters if the handler fires before or after this step.
  private func canTell(_ event: Event, _ handler: GraphThread) -> Bool {
    switch event {
    case .access(let access):
      if !model.isSequential, ordersAnything(access) { return true }
      return uses(access.address, handler)
    case .level(let level, let change):
      guard change == .off else { return false }
      return level == .interrupts || level == .softirqs && handler.context == .softirq
    case .barrier, .membarrier, .isHeld, .release, .enter, .exit, .gracePeriod:
      return !model.isSequential || sharesALock(event, handler)
    case .spin, .acquire, .tryAcquire, .park, .wake, .free, .retire, .afterGracePeriod,
      .graceBarrier, .spawn:
      return true
    case .allocate, .choose, .clock, .delay, .obligation, .expectation, .lockClass,
      .lockOrder:
      return false
    }
  }

  private func ordersAnything(_ access: Access) -> Bool {
    access.isFullBarrier || access.loadOrdering != .relaxed || access.storeOrdering != .relaxed
  }

  private func sharesALock(_ event: Event, _ handler: GraphThread) -> Bool {
    switch event {
    case .isHeld(let lock): uses(lock, handler)
    case .release(let step): uses(step.lock, handler)
    case .gracePeriod: true
    default: false
    }
  }

  private func uses(_ address: UInt, _ handler: GraphThread) -> Bool {
    handlerPlaces.known.contains(place(of: address, for: handler))
  }

  private func place(of address: UInt, for handler: GraphThread) -> HandlerPlace {
    let object = objectName(at: address)
    return HandlerPlace(
      handler: handler.index, object: object,
      offset: object < 0 ? address : arena.offset(of: address))
  }

  /// Remembers what handlers use, themselves or by raising another.
  func noteUse(of location: Int32, by thread: GraphThread) {
    guard thread.below != nil else { return }
    let address = places.address(of: location)
    guard address != 0 else { return }
    var user: GraphThread? = thread
    while let handler = user {
      handlerPlaces.note(place(of: address, for: handler))
      user = handler.raiser
    }
  }
}

extension GraphThread {
  /// Whether the handler may fire where the thread stands.
  func mayInterrupt(_ thread: GraphThread) -> Bool {
    guard state == .armed, lane == thread.lane else { return false }
    return context == .interrupt
      ? thread.context != .interrupt && thread.interruptsOff == 0
      : thread.isTask && !thread.keepsSoftirqsOut
  }

  /// Whether a handler would interrupt this thread.
  func isBelow(_ handler: GraphThread) -> Bool {
    context == .task && cpu == handler.cpu && state == .ready
  }
}
