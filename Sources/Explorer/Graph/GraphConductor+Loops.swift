extension GraphConductor {
  // MARK: - Noticing loops

  /// Whether the operation would begin one more turn of a loop that waits; a lock is then asked for
  /// and not taken.
  func postponeIfRepeating(_ operation: inout GraphOperation, _ thread: GraphThread) {
    guard operation.node.isLockAttempt, let update = operation.update else { return }
    let token = GraphTurns.Token.lock(operation.node.location, depth: thread.readerDepth)
    guard !thread.turns.turn(beforeRepeating: token).isEmpty else { return }
    thread.postponed = update
    operation.update = nil
    operation.node.traits.insert(.stuck)
  }

  /// Lets the thread stand still in those graphs in which its new read, of an older store, begins
  /// one more turn of a loop: to go on it would have only to look again.
  func stopRepeating(
    in found: inout [GraphExtension], _ thread: GraphThread, _ operation: GraphOperation
  ) {
    guard case .read = operation.kind else { return }
    for index in found.indices where found[index].isForward {
      guard let read = found[index].graph.lanes[thread.lane].last else { continue }
      let node = found[index].graph[read]
      guard node.kind == .read, !node.isBlocked,
        !thread.turns.turn(beforeRepeating: token(of: node, thread)).isEmpty
      else { continue }
      found[index].graph.mark(read, .stuck)
    }
  }

  /// The read as a step of a turn.
  private func token(of node: GraphNode, _ thread: GraphThread) -> GraphTurns.Token {
    node.isLockAttempt
      ? .lock(node.location, depth: thread.readerDepth)
      : GraphTurns.Token(
        location: node.location, source: node.source, depth: Int32(thread.readerDepth))
  }

  /// Notes the nodes that were added for a thread as part of a possible loop.
  func noteTurn(_ first: Int32, _ count: Int, by thread: GraphThread) {
    let node = graph[first]
    if node.kind == .write {
      if node.traits.contains(.lock) {
        return pass(.lock(node.location, depth: thread.readerDepth), thread)
      }
      guard node.traits.contains(.unlock) else { return thread.turns.didAct() }
      return thread.turns.didPass(.unlock(node.location, depth: thread.readerDepth))
    }
    guard node.kind == .read else { return }
    if node.isLockAttempt {
      guard count > 1 else { return }
      return pass(.lock(node.location, depth: thread.readerDepth), thread)
    }
    guard count == 1 else { return thread.turns.didAct() }
    let token = token(of: node, thread)
    if phase == .running, !node.isBlocked, !thread.turns.turn(beforeRepeating: token).isEmpty {
      return graph.mark(first, .stuck)
    }
    pass(token, thread)
  }

  private func pass(_ token: GraphTurns.Token, _ thread: GraphThread) {
    if !thread.turns.turn(beforeRepeating: token).isEmpty { thread.turns.runOn() }
    thread.turns.didPass(token)
  }

  // MARK: - Letting them run on

  /// If only loops that wait for a newer store are left, they run on: a bounded one ends by itself,
  /// and one that does not is a livelock.
  ///
  /// - Returns: A thread that runs on.
  func runOn() -> GraphThread? {
    for thread in threads.dropFirst() where thread.state == .waiting {
      guard let last = graph.lanes[thread.lane].last, graph[last].traits.contains(.stuck),
        readsLatest(last, thread), thread.turns.vainTurns < Limits.vainTurnsInGraphsMax
      else { continue }
      graph.unmark(last, .stuck)
      thread.turns.runOn()
      thread.state = .ready
      guard let update = thread.postponed else { return thread }
      thread.postponed = nil
      thread.operation = GraphOperation(kind: .write, node: update.node(after: graph[last]))
      return nextThread()
    }
    return nil
  }

  /// Whether everything that the loop's turn reads is the latest store: otherwise it has only to
  /// look again.
  func readsLatest(_ read: Int32, _ thread: GraphThread) -> Bool {
    let node = graph[read]
    guard node.source == graph.last(of: node.location) else { return false }
    return thread.turns.turn(beforeRepeating: token(of: node, thread)).allSatisfy {
      $0.source < ExecutionGraph.none || $0.source == graph.last(of: $0.location)
    }
  }
}
