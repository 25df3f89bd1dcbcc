internal import Machine

extension GraphConductor {
  /// No lane can add anything: everything has ended, or somebody waits.
  func finish() {
    guard ending == .complete else { return }
    let stuck = threads.dropFirst().filter { $0.state == .ready || $0.state == .waiting }
    if !stuck.isEmpty {
      ending = .blocked
      return judge(stuck)
    }
    phase = .finishing
    running = threads[0]
    places.writeBack(graph, to: arena)
    for node in graph.nodes where node.kind == .free { markFreed(node.object) }
    // The grace periods that the setup began are long over.
    for (index, object) in arena.objects.enumerated() where object.isRetired {
      arena.markFreed(index)
    }
    for body in finals where failure == nil { body() }
    if failure == nil { checkPromises() }
    if failure == nil, let leak = Failure.leak(in: arena, of: threads) { fail(leak) }
  }

  private func markFreed(_ name: Int32) {
    if let index = arena.objects.firstIndex(where: { $0.name == name }) { arena.markFreed(index) }
  }

  private func checkPromises() {
    for key in promises.keys.sorted() {
      guard let promise = promises[key] else { continue }
      if promise.met > promise.opened {
        return fail(
          Failure(
            verdict: .callbackDoubled, rule: "callback-doubled",
            message: "A callback in \(arena.describe(key)) ran more often than it was added.",
            object: arena.object(at: key)))
      }
      if promise.met + promise.dropped < promise.opened {
        return fail(.callbackLost(key, in: arena))
      }
    }
  }

  // MARK: - Waiting for ever

  /// Somebody waits and nobody is left to end it: a verdict only where each waiter reads the latest
  /// store, because one that reads an older store has only to look again.
  private func judge(_ stuck: [GraphThread]) {
    for thread in stuck {
      if thread.hasDeadline || isInterruptible(thread) { return }
      guard thread.operation == nil else { continue }
      guard let last = graph.lanes[thread.lane].last, graph[last].kind == .read,
        readsLatest(last, thread)
      else { return }
    }
    let waits = stuck.map(describeWait).joined(separator: "; ")
    let isLoop = stuck.contains { pendingRead(of: $0).traits.contains(.stuck) }
    let waitsForLock = stuck.first { lock(of: $0) != nil }
    if !isLoop, let waiter = waitsForLock, let lock = lock(of: waiter) {
      return fail(
        Failure(verdict: .deadlock, rule: deadlockRule(waiter, lock), message: "\(waits)."))
    }
    fail(
      Failure(
        verdict: isLoop ? .livelock : .endlessWait, rule: isLoop ? "livelock" : "endless-wait",
        message: "\(waits)."))
  }

  /// Whether a handler could still fire and end the wait: it does so in another execution.
  private func isInterruptible(_ thread: GraphThread) -> Bool {
    threads.contains { $0.mayInterrupt(thread) }
  }

  private func deadlockRule(_ waiter: GraphThread, _ lock: UInt) -> String {
    if waiter.held.contains(lock) { return "deadlock/self" }
    let isBelow = threads.contains {
      $0.state == .interrupted && $0.lane == waiter.lane && $0.held.contains(lock)
    }
    guard isBelow else { return "deadlock" }
    return waiter.context == .interrupt ? "deadlock/interrupt" : "deadlock/softirq"
  }

  private func pendingRead(of thread: GraphThread) -> GraphNode {
    if let operation = thread.operation { return operation.node }
    guard let last = graph.lanes[thread.lane].last else {
      return GraphNode(kind: .read, lane: UInt8(thread.lane))
    }
    return graph[last]
  }

  private func lock(of thread: GraphThread) -> UInt? {
    let node = pendingRead(of: thread)
    let address = places.address(of: node.location)
    return node.traits.contains(.lock) && address != 0 ? address : nil
  }

  private func describeWait(_ thread: GraphThread) -> String {
    let node = pendingRead(of: thread)
    if let lock = lock(of: thread), !node.traits.contains(.stuck) {
      let holder = threads.first { $0.held.contains(lock) }
      let whose = holder === thread ? "it holds itself" : "\(holder?.name ?? "nobody") holds"
      return "\(thread.name) waits for a lock that \(whose)"
    }
    if node.traits.contains(.stuck) {
      return "\(thread.name) reads the same values for ever, and nobody is left to change them"
    }
    return places.address(of: node.location) == 0
      ? "\(thread.name) sleeps and nobody will wake it"
      : "\(thread.name) spins on a condition that nobody will make true"
  }
}
