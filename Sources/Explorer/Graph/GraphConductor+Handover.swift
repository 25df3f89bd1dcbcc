// A graph in which somebody waits for a lock can be given up once the lock is free and nothing else
// can happen: whatever follows follows from the unlock, and a wait that has overlooked an unlock
// is never taken back again. All that could come of it is an execution that ends in that wait.
//
// Why: a read is taken back only together with what was added in the canonical way. The waiting
// read reads the lock's taking although a later store, the unlock, leads to whatever comes now, so
// it is no longer canonical, and neither it nor anything before it is taken back.

extension GraphConductor {
  /// Whether the operation unlocks what another thread waits for.
  func isHandover(_ operation: GraphOperation) -> Bool {
    operation.node.traits.contains(.unlock) && graph.hasWaiter(at: operation.node.location)
  }

  /// Whether nothing can happen before this unlock, except that others ask for the same lock.
  func isOnlyMove(_ thread: GraphThread, _ operation: GraphOperation) -> Bool {
    threads.dropFirst().allSatisfy { other in
      guard other !== thread, other.state == .ready, let next = other.operation else {
        return true
      }
      switch readiness(of: next) {
      case .never: return true
      case .late: return next.node.isLockAttempt && next.node.location == operation.node.location
      case .now, .handover: return false
      }
    }
  }

  /// Adds an unlock and follows only those graphs in which a waiter sees it.
  ///
  /// - Returns: Whether the thread runs on.
  func handOver(_ thread: GraphThread, _ operation: GraphOperation) -> Bool {
    var found = GraphGrowth(model: model, graph: graph, operation: operation).extensions()
      .map(\.graph).filter { !$0.hasWaiter(at: operation.node.location) }
    // Where nothing was taken back, the program can go on as it stands.
    let live = found.firstIndex { $0.nodes.count == graph.nodes.count + 1 }
    let next = live.map { found.remove(at: $0) }
    alternatives += found.reversed()
    guard let next else {
      ending = .cut
      return false
    }
    graph = next
    thread.operation = nil
    steps += 1
    for waiter in threads where waiter.state == .waiting { goOn(waiter) }
    return catchUp(thread, operation)
  }

  /// Lets a thread take the lock whose unlock it sees now.
  private func goOn(_ waiter: GraphThread) {
    guard let last = graph.lanes[waiter.lane].last, !graph[last].isBlocked,
      let update = waiter.blocked?.update
    else { return }
    noteTurn(last, 2, by: waiter)
    waiter.result = graph[last].value
    waiter.operation = GraphOperation(kind: .write, node: update.node(after: graph[last]))
    waiter.state = .ready
  }
}

extension ExecutionGraph {
  /// Whether somebody waits for the lock at a location.
  func hasWaiter(at location: Int32) -> Bool {
    lanes.contains { lane in
      guard let last = lane.last else { return false }
      let node = self[last]
      return node.location == location && node.isLockAttempt && node.isBlocked
        && !node.traits.contains(.stuck)
    }
  }
}

extension GraphNode {
  /// Whether the node is the read half of waiting for a lock.
  var isLockAttempt: Bool {
    kind == .read && traits.contains(.lock) && traits.contains(.waits)
  }
}
