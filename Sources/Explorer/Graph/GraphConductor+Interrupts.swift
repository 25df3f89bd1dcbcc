internal import Machine

// A handler's nodes stand in the lane of the task that it interrupts. Where it fires is a choice,
// offered only before steps that can tell: those that use a word which the handler was ever seen to
// use, that mask interrupts, that wait, that end an object, or, in weak memory, that order
// anything. Firing between two other steps is the same as firing before the next of these.

extension GraphConductor {
  /// Gives each handler the lane of the task on its CPU, if there is one.
  func joinHandlers() {
    for handler in threads.dropFirst() where handler.context == .interrupt {
      guard let task = threads.dropFirst().first(where: { $0.isBelow(handler) }) else { continue }
      handler.lane = task.lane
      handler.state = .armed
    }
  }

  /// Lets armed handlers of the thread's CPU fire before it goes on.
  func offerInterrupts(before event: Event, of thread: GraphThread) {
    guard thread.context != .interrupt, thread.interruptsOff == 0 else { return }
    for handler in threads where handler.state == .armed && handler.lane == thread.lane {
      guard canTell(event, handler) else { continue }
      if choose(below: 2, by: thread) == 1 { fire(handler, over: thread) }
    }
  }

  /// The task has ended: what has not fired yet fires now, in any order.
  func fireArmed(under thread: GraphThread) {
    guard phase == .running || phase == .priming, thread.context != .interrupt,
      thread.interruptsOff == 0
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
    handler.state = .ready
    thread.state = .interrupted
    handler.now = thread.now
    running = handler
    enterReaderRegion(handler)
    thread.coroutine.switchTo(handler.coroutine)
  }

  /// A handler has ended: the task that goes on.
  func interrupted(by handler: GraphThread) -> GraphThread? {
    guard handler.context == .interrupt,
      let task = threads.first(where: { $0.state == .interrupted && $0.lane == handler.lane })
    else { return nil }
    leaveReaderRegion(handler)
    task.state = .ready
    running = task
    return task
  }

  // MARK: - Who can tell

  /// Whether it matters if the handler fires before or after this step.
  private func canTell(_ event: Event, _ handler: GraphThread) -> Bool {
    switch event {
    case .access(let access):
      if !model.isSequential, ordersAnything(access) { return true }
      return uses(access.address, handler)
    case .level(let level, let change): return level == .interrupts && change == .off
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

  /// Remembers what handlers use.
  func noteUse(of location: Int32, by thread: GraphThread) {
    guard thread.context == .interrupt else { return }
    let address = places.address(of: location)
    if address != 0 { handlerPlaces.note(place(of: address, for: thread)) }
  }
}

extension GraphThread {
  /// Whether a handler would interrupt this thread.
  func isBelow(_ handler: GraphThread) -> Bool {
    context == .task && cpu == handler.cpu && state == .ready
  }
}
