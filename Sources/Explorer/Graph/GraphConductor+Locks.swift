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
      lockOrder.acquired(step, tried: tried, by: thread.lockTaker, in: arena)
    }
    thread.held.append(step.lock)
    if step.kind == .spinning {
      thread.preemptionOff += 1
      enterReaderRegion(thread)
    }
  }

  func release(_ step: LockStep, by thread: GraphThread) {
    let holder = threads.first { $0.held.contains(step.lock) }?.name
    if let failure = thread.giveBack(step.lock, heldInsteadBy: holder, in: arena) {
      return fail(failure)
    }
    lockOrder.released(step.lock, by: thread.index)
    if step.kind == .spinning { leaveReaderRegion(thread) }
    var operation = write(0, at: step.lock, width: 4)
    operation.node.traits.formUnion([.release, .unlock])
    _ = perform(operation)
    if step.kind == .spinning { thread.preemptionOff -= 1 }
  }

  func take(_ level: Level, _ change: LevelChange, by thread: GraphThread) {
    if let failure = thread.change(level, change) { return fail(failure) }
    if change == .off { enterReaderRegion(thread) } else { leaveReaderRegion(thread) }
    if change == .on, failure == nil { lockOrder.enabled(level, by: thread.lockTaker) }
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
    if let failure = thread.leaveReadSection() { return fail(failure) }
    leaveReaderRegion(thread)
  }
}
