internal import Machine

extension GraphConductor {
  func performShared(_ event: Event, by thread: GraphThread) -> UInt64 {
    offerHandlers(before: event, of: thread)
    recorder?.willTake(event, by: thread, arena: arena)
    switch event {
    case .access(let access): return take(access, by: thread)
    case .spin(let condition): return spin(condition, by: thread)
    case .acquire(let step): acquire(step, by: thread)
    case .tryAcquire(let step): return tryAcquire(step, by: thread)
    case .release(let step): release(step, by: thread)
    case .isHeld(let lock): return perform(read(at: lock, width: 4))
    case .barrier(let kind, _): take(kind)
    case .membarrier: note(GraphNode(kind: .barrierEverywhere, lane: UInt8(thread.lane)))
    case .level(let level, let change): take(level, change, by: thread)
    case .enter(.rcuRead): enterReadSection(thread)
    case .exit(.rcuRead): leaveReadSection(thread)
    case .enter(.signaling): lockOrder.enterSignaling(thread.lockTaker)
    case .exit(.signaling): lockOrder.leaveSignaling(thread.index)
    case .lockOrder(let note): lockOrder.note(note, by: thread.lockTaker, in: arena)
    case .lockClass(let lock): lockOrder.name(lock)
    case .park(let word, let expected, let deadline):
      return park(thread, on: word, while: expected, deadline: deadline)
    case .wake(let word, let count): return wake(word, count: count)
    case .gracePeriod: gracePeriod(thread)
    case .allocate(let request): return allocate(request, by: thread)
    case .free(let address): free(address, by: thread)
    case .retire(let address): retire(address, by: thread)
    case .afterGracePeriod(let body): runAfterGracePeriod(body)
    case .graceBarrier: awaitDeferred(thread)
    case .spawn(let spawn): start(spawn)
    case .choose(let limit, _): return choose(below: limit, by: thread)
    case .clock: return thread.now
    case .delay(let nanoseconds): thread.now += nanoseconds
    case .obligation(let obligation): note(obligation)
    case .expectation(let claim): check(claim)
    }
    return 0
  }

  /// What the setup and the final claims do: nobody else runs, so memory is plain memory.
  func performAlone(_ event: Event) -> UInt64 {
    switch event {
    case .allocate(let request):
      return arena.allocate(request, by: 0).map(UInt64.init) ?? 0
    case .free(let address): freeAlone(address)
    case .retire(let address): retireAlone(address)
    case .spawn(let spawn): addThread(spawn)
    case .obligation(let obligation): note(obligation)
    case .expectation(let claim): check(claim)
    case .clock: return running.now
    case .lockClass(let lock): lockOrder.name(lock)
    case .park: fail(.waitAlone(running.name, sleeps: true))
    case .spin(let condition):
      let bits = arena.read(condition.address, width: condition.width)
      guard !condition.holds(for: bits) else { return bits }
      fail(.waitAlone(running.name, sleeps: false))
    case .afterGracePeriod(let body): body()
    case .acquire(let step) where arena.read(step.lock, width: 4) != 0:
      fail(.waitAlone(running.name, sleeps: false))
    case .tryAcquire(let step) where arena.read(step.lock, width: 4) != 0: return 0
    default: return performPlainly(event)
    }
    return 0
  }

  /// What a thread does whose execution is over: anything that lets it come to its end.
  func performUnobserved(_ event: Event) -> UInt64 {
    steps += 1
    if steps > Limits.drainStepsMax { running.coroutine.switchTo(mainCoroutine) }
    switch event {
    case .allocate(let request):
      return arena.allocate(request, by: running.index).map(UInt64.init) ?? 0
    case .spin(let condition): return condition.mustBeEqual ? condition.value : ~condition.value
    case .park, .tryAcquire: return 1
    case .clock:
      running.now += 1 << 40
      return running.now
    default: return performPlainly(event)
    }
  }

  /// Accesses and locks on memory that nobody shares at the moment.
  private func performPlainly(_ event: Event) -> UInt64 {
    switch event {
    case .access(let access):
      useAlone(access.address)
      _ = arena.location(of: access.address, width: access.width)
      let before = arena.read(access.address, width: access.width)
      guard access.mayWrite, access.kind != .compareExchange || before == access.expected else {
        return before
      }
      let update = GraphUpdate(
        kind: access.kind, operand: access.operand, width: access.width, traits: [])
      arena.write(update.result(from: before), to: access.address, width: access.width)
      return before
    case .acquire(let step), .tryAcquire(let step):
      writeLock(step.lock, 1)
      return 1
    case .release(let step): writeLock(step.lock, 0)
    case .isHeld(let lock): return arena.read(lock, width: 4)
    default: break
    }
    return 0
  }

  private func writeLock(_ lock: UInt, _ bits: UInt64) {
    useAlone(lock)
    _ = arena.location(of: lock, width: 4)
    arena.write(bits, to: lock, width: 4)
  }
}

// MARK: - Accesses

extension GraphConductor {
  /// A relaxed, marked read of the running thread.
  func read(at address: UInt, width: UInt8) -> GraphOperation {
    GraphOperation(kind: .read, node: node(.read, at: address, width: width))
  }

  func write(_ bits: UInt64, at address: UInt, width: UInt8) -> GraphOperation {
    var node = node(.write, at: address, width: width)
    node.value = bits
    return GraphOperation(kind: .write, node: node)
  }

  func node(_ kind: GraphNode.Kind, at address: UInt, width: UInt8) -> GraphNode {
    var node = GraphNode(kind: kind, lane: UInt8(running.lane))
    node.location = places.number(of: address, width: width, in: arena)
    node.object = objectName(at: address)
    if running.hasLeftSection(of: node.object) { node.traits.insert(.afterSection) }
    for led in running.led where led.object == node.object && led.load < 64 {
      node.addressDependencies |= 1 << UInt64(led.load)
    }
    return node
  }

  func hidden(_ kind: GraphNode.Kind, _ place: GraphPlaces.Hidden) -> GraphNode {
    var node = GraphNode(kind: kind, lane: UInt8(running.lane))
    node.location = places.number(of: place)
    return node
  }

  func take(_ access: Access, by thread: GraphThread) -> UInt64 {
    var operation = GraphOperation(
      kind: access.kind == .store ? .write : .read,
      node: node(
        access.kind == .store ? .write : .read, at: access.address, width: access.width))
    operation.node.addressDependencies |= access.dependencies.address
    operation.node.dataDependencies = access.dependencies.data
    operation.node.controlDependencies = access.dependencies.control
    if access.mark == .plain { operation.node.traits.insert(.plain) }
    switch access.kind {
    case .load:
      if access.loadOrdering == .acquire { operation.node.traits.insert(.acquire) }
    case .store:
      operation.node.value = access.operand
      if access.storeOrdering == .release { operation.node.traits.insert(.release) }
    default: makeUpdate(&operation, access)
    }
    return perform(
      load: operation, access.loadOrdering, isFull: access.storeOrdering == .full, by: thread)
  }

  private func makeUpdate(_ operation: inout GraphOperation, _ access: Access) {
    var readTraits: GraphNode.Traits = .update
    var writeTraits: GraphNode.Traits = .update
    if access.isFullBarrier {
      readTraits.insert(.full)
      writeTraits.insert(.full)
    } else {
      if access.loadOrdering == .acquire { readTraits.insert(.acquire) }
      if access.storeOrdering == .release { writeTraits.insert(.release) }
    }
    if access.mark == .markedWithoutResult { readTraits.insert(.withoutResult) }
    operation.update = GraphUpdate(
      kind: access.kind, operand: access.operand, width: access.width, traits: writeTraits)
    guard access.kind == .compareExchange else {
      operation.node.traits.formUnion(readTraits)
      return
    }
    operation.node.traits.insert(.compares)
    operation.node.wanted = Wanted(mask: .max, value: access.expected)
    operation.node.success = readTraits
  }

  func spin(_ condition: Condition, by thread: GraphThread) -> UInt64 {
    var operation = read(at: condition.address, width: condition.width)
    operation.node.traits.insert(.waits)
    if condition.ordering == .acquire { operation.node.traits.insert(.acquire) }
    operation.node.wanted = Wanted(
      mask: condition.mask, value: condition.value, mustBeEqual: condition.mustBeEqual)
    return perform(load: operation, condition.ordering, by: thread)
  }

  /// Performs an access between the barriers that its ordering stands for, and notes where a
  /// dereferenced pointer leads.
  private func perform(
    load operation: GraphOperation, _ ordering: LoadOrdering, isFull: Bool = false,
    by thread: GraphThread
  ) -> UInt64 {
    let isFull = isFull || ordering == .full
    if isFull { take(.full) }
    let number = loads[thread.lane]
    let value = perform(operation)
    if isFull { take(.full) }
    if ordering == .dependency { noteLead(to: value, load: number, by: thread) }
    return value
  }

  func take(_ barrier: BarrierKind) {
    guard barrier != .compiler else { return }
    var node = GraphNode(kind: .barrier, lane: UInt8(running.lane))
    node.barrier = barrier
    note(node)
  }

  func choose(below limit: UInt64, by thread: GraphThread) -> UInt64 {
    guard limit > 1 else { return 0 }
    return perform(
      GraphOperation(
        kind: .choice(limit), node: GraphNode(kind: .choice, lane: UInt8(thread.lane))))
  }

  /// A dereferenced pointer: what is reached through it depends on this read.
  private func noteLead(to address: UInt64, load: Int, by thread: GraphThread) {
    let object = objectName(at: UInt(address))
    guard object >= 0 else { return }
    thread.led.append((object, load))
    thread.noteReached(object)
  }
}

// MARK: - Promises and claims

extension GraphConductor {
  func note(_ step: Obligation) {
    switch step.step {
    case .opened: promises[step.key, default: GraphPromise()].opened += 1
    case .met: promises[step.key, default: GraphPromise()].met += 1
    case .dropped: promises[step.key, default: GraphPromise()].dropped += 1
    }
  }

  func check(_ claim: Expectation) {
    if let failure = Failure.claim(claim) { fail(failure) }
  }
}
