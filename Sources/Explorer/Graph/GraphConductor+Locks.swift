internal import Machine

extension GraphConductor {
  func acquire(_ step: LockStep, by thread: GraphThread) {
    var operation = lockOperation(step)
    operation.node.traits.formUnion([.waits, .update, .acquire, .lock])
    operation.node.wanted = Wanted(mask: .max, value: 0)
    _ = perform(operation)
    didAcquire(step, tried: false, thread)
  }

  func tryAcquire(_ step: LockStep, by thread: GraphThread) -> UInt64 {
    var operation = lockOperation(step)
    operation.node.traits.insert(.compares)
    operation.node.wanted = Wanted(mask: .max, value: 0)
    operation.node.success = [.update, .acquire, .lock]
    guard perform(operation) == 0 else { return 0 }
    didAcquire(step, tried: true, thread)
    return 1
  }

  private func lockOperation(_ step: LockStep) -> GraphOperation {
    var operation = read(at: step.lock, width: 4)
    operation.update = GraphUpdate(
      kind: .exchange, operand: 1, width: 4, traits: [.update, .lock])
    return operation
  }

  private func didAcquire(_ step: LockStep, tried: Bool, _ thread: GraphThread) {
    guard failure == nil else { return }
    if phase != .draining {
      lockOrder.acquired(step, tried: tried, by: taker(thread), in: arena)
    }
    thread.held.append(step.lock)
    if step.kind == .spinning {
      thread.preemptionOff += 1
      enterReaderRegion(thread)
    }
  }

  func release(_ step: LockStep, by thread: GraphThread) {
    guard let position = thread.held.lastIndex(of: step.lock) else {
      return fail(
        Failure(
          verdict: .lockMisuse, rule: "lock-misuse/not-holder",
          message: "\(thread.name) releases a lock that it does not hold."))
    }
    thread.held.remove(at: position)
    lockOrder.released(step.lock, by: thread.index)
    if step.kind == .spinning { leaveReaderRegion(thread) }
    var operation = write(0, at: step.lock, width: 4)
    operation.node.traits.formUnion([.release, .unlock])
    _ = perform(operation)
    if step.kind == .spinning { thread.preemptionOff -= 1 }
  }

  func take(_ level: Level, _ change: LevelChange, by thread: GraphThread) {
    let amount = change == .off ? 1 : -1
    switch level {
    case .interrupts: thread.interruptsOff += amount
    case .softirqs: thread.softirqsOff += amount
    case .preemption: thread.preemptionOff += amount
    }
    guard min(thread.interruptsOff, thread.softirqsOff, thread.preemptionOff) >= 0 else {
      return fail(
        Failure(
          verdict: .lockMisuse, rule: "lock-misuse/level",
          message: "\(thread.name) restores \(level) that it had not switched off."))
    }
    if change == .off { enterReaderRegion(thread) } else { leaveReaderRegion(thread) }
    if level == .interrupts, change == .on, failure == nil {
      lockOrder.interruptsEnabled(by: taker(thread))
    }
  }

  private func taker(_ thread: GraphThread) -> LockOrder.Taker {
    let isInterrupt = thread.context == .interrupt
    return LockOrder.Taker(
      thread: thread.index, name: thread.name, isInterrupt: isInterrupt,
      hasInterruptsOn: !isInterrupt && thread.interruptsOff == 0)
  }

  // MARK: - Regions that keep grace periods waiting

  func enterReaderRegion(_ thread: GraphThread) {
    thread.readerDepth += 1
    depths[thread.lane] += 1
    if depths[thread.lane] == 1 {
      note(GraphNode(kind: .readerEnters, lane: UInt8(thread.lane)))
    }
  }

  func leaveReaderRegion(_ thread: GraphThread) {
    thread.readerDepth -= 1
    depths[thread.lane] -= 1
    if depths[thread.lane] == 0 {
      note(GraphNode(kind: .readerLeaves, lane: UInt8(thread.lane)))
    }
  }

  func enterReadSection(_ thread: GraphThread) {
    thread.readDepth += 1
    enterReaderRegion(thread)
  }

  func leaveReadSection(_ thread: GraphThread) {
    guard thread.readDepth > 0 else {
      return fail(
        Failure(
          verdict: .rcuMisuse, rule: "rcu-misuse/not-open",
          message: "\(thread.name) leaves a read section that it had not entered."))
    }
    thread.readDepth -= 1
    leaveReaderRegion(thread)
  }
}
