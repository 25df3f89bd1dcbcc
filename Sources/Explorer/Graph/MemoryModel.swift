/// Which executions memory allows.
struct MemoryModel {
  /// Whether reads always read the latest store.
  let isSequential: Bool

  /// Whether the graph is an execution of this memory.
  ///
  /// - Parameter addedLast: The newest node reads or follows the latest store, so nothing leads on
  ///   from it, and it cannot have closed a cycle: no check is needed unless it is in a read
  ///   section that a grace period may have to wait for.
  func admits(_ graph: inout ExecutionGraph, addedLast: Bool) -> Bool {
    if addedLast && !(graph.hasGracePeriods && graph.isNewestInSection) { return true }
    let order = SequentialOrder(graph)
    if !addedLast || graph.isSequential { graph.isSequential = order.exists }
    if graph.isSequential && (!graph.hasGracePeriods || order.existsWithGracePeriods) {
      return true
    }
    if isSequential && !graph.isSequential { return false }
    return KernelOrder(graph).isConsistent
  }
}

/// An order of all nodes in which every read reads the latest store.
struct SequentialOrder {
  let graph: ExecutionGraph
  /// First reader of each write, then from reader to reader; lists of node numbers.
  private var firstReader: [Int32]
  private var nextReader: [Int32]

  init(_ graph: ExecutionGraph) {
    self.graph = graph
    firstReader = [Int32](repeating: -1, count: graph.nodes.count)
    nextReader = firstReader
    for index in graph.nodes.indices {
      let node = graph.nodes[index]
      guard node.kind == .read, node.source >= 0 else { continue }
      nextReader[index] = firstReader[Int(node.source)]
      firstReader[Int(node.source)] = Int32(index)
    }
  }

  /// Whether program order, reads-from, coherence and from-reads have no cycle.
  var exists: Bool {
    var waiting = predecessors
    var ready = waiting.indices.filter { waiting[$0] == 0 }.map(Int32.init)
    var taken = 0
    while let index = ready.popLast() {
      taken += 1
      forEachNext(index) { next in
        waiting[Int(next)] -= 1
        if waiting[Int(next)] == 0 { ready.append(next) }
      }
    }
    return taken == graph.nodes.count
  }

  /// How many nodes come directly before each.
  var predecessors: [Int32] {
    var waiting = [Int32](repeating: 0, count: graph.nodes.count)
    for index in graph.nodes.indices {
      forEachNext(Int32(index)) { waiting[Int($0)] += 1 }
    }
    return waiting
  }

  /// Whether the second node comes after the first in every such order.
  func leads(from first: Int32, to second: Int32) -> Bool {
    var seen = [Bool](repeating: false, count: graph.nodes.count)
    var reached = [first]
    while let index = reached.popLast() {
      forEachNext(index) { next in
        guard !seen[Int(next)] else { return }
        seen[Int(next)] = true
        reached.append(next)
      }
    }
    return seen[Int(second)]
  }

  func forEachNext(_ index: Int32, _ body: (Int32) -> Void) {
    let node = graph.nodes[Int(index)]
    let lane = graph.lanes[Int(node.lane)]
    if Int(node.position) + 1 < lane.count { body(lane[Int(node.position) + 1]) }
    if node.kind == .read {
      let over = graph.next(after: node.source, at: node.location)
      if over >= 0, over != index { body(over) }
    } else if node.kind == .write {
      if node.coherenceAfter >= 0 { body(node.coherenceAfter) }
      var reader = firstReader[Int(index)]
      while reader >= 0 {
        body(reader)
        reader = nextReader[Int(reader)]
      }
    }
  }
}
