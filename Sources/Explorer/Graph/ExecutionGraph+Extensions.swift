/// A larger graph, and whether it keeps everything that was there.
struct GraphExtension {
  var graph: ExecutionGraph
  /// Nothing was removed, so that the running program can go on.
  var isForward: Bool
}

/// Finds the graphs that one more operation can lead to.
struct GraphGrowth {
  let model: MemoryModel
  let graph: ExecutionGraph
  let operation: GraphOperation

  /// Every graph with the operation added that the memory model admits, the canonical one first.
  func extensions() -> [GraphExtension] {
    switch operation.kind {
    case .choice(let limit): return choices(below: limit)
    case .read: return reads()
    case .write: return writes()
    }
  }

  private func choices(below limit: UInt64) -> [GraphExtension] {
    (0..<limit).map { value in
      var larger = graph
      var node = operation.node
      node.value = value
      larger.add(node)
      return GraphExtension(graph: larger, isForward: true)
    }
  }

  // MARK: - Reads

  private func reads() -> [GraphExtension] {
    var found: [GraphExtension] = []
    let location = operation.node.location
    let floor = graph.floor(of: Int(operation.node.lane), at: location)
    let latest = graph.last(of: location)
    var source = latest
    while true {
      let value = graph.value(of: source, initially: operation.initially)
      if source == latest || !operation.waits(for: value) {
        found += read(from: source, value: value, isLatest: source == latest)
      }
      if source == floor || source == ExecutionGraph.initial { return found }
      // Whoever knows of a store reads none before it.
      if graph.isKnown(source, to: Int(operation.node.lane)) { return found }
      source = graph.previous(before: source)
    }
  }

  private func read(from source: Int32, value: UInt64, isLatest: Bool) -> [GraphExtension] {
    var larger = graph
    var node = operation.node
    node.source = source
    node.value = value
    node.settleComparison()
    larger.add(node)
    guard let update = operation.update, node.mustWrite else {
      return model.admits(&larger, addedLast: isLatest)
        ? [GraphExtension(graph: larger, isForward: true)] : []
    }
    return halves(of: larger, update.node(after: node))
  }

  // MARK: - Writes

  private func writes() -> [GraphExtension] {
    if operation.node.traits.contains(.update) { return halves(of: graph, operation.node) }
    var larger = graph
    let write = larger.add(operation.node)
    let floor = graph.floor(of: Int(operation.node.lane), at: operation.node.location)
    return placed(write, in: larger, notBefore: floor, isForward: true)
      + revisits(by: write, in: larger)
  }

  /// The write half of an update whose read half is the last node of its lane.
  private func halves(of graph: ExecutionGraph, _ node: GraphNode) -> [GraphExtension] {
    var larger = graph
    let write = larger.add(node)
    return placedAfterItsRead(write, in: larger, isForward: true) + revisits(by: write, in: larger)
  }

  private func placed(
    _ write: Int32, in graph: ExecutionGraph, notBefore floor: Int32, isForward: Bool
  ) -> [GraphExtension] {
    var found: [GraphExtension] = []
    let location = graph[write].location
    let latest = graph.last(of: location)
    var before = latest
    while true {
      if graph.consumer(of: before, at: location) == nil {
        var larger = graph
        larger.place(write, after: before)
        if model.admits(&larger, addedLast: isForward && before == latest) {
          found.append(GraphExtension(graph: larger, isForward: isForward))
        }
      }
      if before == floor || before == ExecutionGraph.initial { return found }
      if graph.isKnown(before, to: Int(graph[write].lane)) { return found }
      before = graph.previous(before: before)
    }
  }

  private func placedAfterItsRead(_ write: Int32, in graph: ExecutionGraph, isForward: Bool)
    -> [GraphExtension]
  {
    let node = graph[write]
    let read = graph.lanes[Int(node.lane)][Int(node.position) - 1]
    let source = graph[read].source
    guard graph.consumer(of: source, at: node.location) == nil else { return [] }
    var larger = graph
    let isLatest = source == graph.last(of: node.location)
    larger.place(write, after: source)
    return model.admits(&larger, addedLast: isForward && isLatest)
      ? [GraphExtension(graph: larger, isForward: isForward)] : []
  }

  // MARK: - Revisits

  /// What follows where an earlier read reads the new write instead.
  private func revisits(by write: Int32, in larger: ExecutionGraph) -> [GraphExtension] {
    var found: [GraphExtension] = []
    let node = larger[write]
    for read in 0..<write where larger[read].kind == .read {
      guard larger[read].location == node.location, !larger.isInPrefix(read, of: node.view),
        Revisit(graph: larger, model: model, read: read, write: write).isCanonical
      else { continue }
      found += revisit(read, by: write, in: larger)
    }
    return found
  }

  private func revisit(_ read: Int32, by write: Int32, in larger: ExecutionGraph)
    -> [GraphExtension]
  {
    let view = larger[write].view
    var (small, number) = larger.restricted { $0 <= read || larger.isInPrefix($0, of: view) }
    let (read, write) = (number[Int(read)], number[Int(write)])
    small.redirect(read, to: write, value: small[write].value)
    let node = small[write]
    let found =
      node.traits.contains(.update)
      ? placedAfterItsRead(write, in: small, isForward: false)
      : placed(
        write, in: small,
        notBefore: small.floor(of: Int(node.lane), at: node.location, beforeLast: true),
        isForward: false)
    return found.filter { $0.graph.isCoherent(read) }
  }
}

extension GraphOperation {
  /// Adds the operation where there is only one way to do so, without a copy of the graph: it reads
  /// or follows the latest store, of which its lane knows, and no read could have read it instead.
  ///
  /// - Returns: Whether it was added.
  func addIfForced(to graph: inout ExecutionGraph) -> Bool {
    let lane = Int(node.lane)
    guard node.location >= 0, !graph.hasGracePeriods else { return false }
    let latest = graph.last(of: node.location)
    guard latest == graph.floor(of: lane, at: node.location) || graph.isKnown(latest, to: lane)
    else { return false }
    var node = node
    if case .read = kind {
      node.source = latest
      node.value = graph.value(of: latest, initially: initially)
      guard !waits(for: node.value) else { return false }
      node.settleComparison()
      guard !node.mustWrite else { return false }
      graph.add(node)
    } else {
      guard !node.traits.contains(.update), !graph.hasRead(of: node.location, unknownTo: lane)
      else { return false }
      graph.place(graph.add(node), after: latest)
    }
    return true
  }
}

extension GraphUpdate {
  /// The write half that follows this read half.
  func node(after read: GraphNode) -> GraphNode {
    var node = read
    node.kind = .write
    node.traits = traits
    node.value = result(from: read.value)
    node.source = ExecutionGraph.initial
    node.coherenceAfter = ExecutionGraph.none
    return node
  }
}

extension ExecutionGraph {
  /// Whether there is a read of the location that does not lead to the lane's next node.
  func hasRead(of location: Int32, unknownTo lane: Int) -> Bool {
    guard lane < lanes.count, let last = lanes[lane].last else {
      return nodes.contains { $0.kind == .read && $0.location == location }
    }
    let view = nodes[Int(last)].view
    return nodes.contains {
      $0.kind == .read && $0.location == location && Int32(view[Int($0.lane)]) <= $0.position
    }
  }

  /// Whether a redirected read, which is the last node of its lane, reads nothing older than what
  /// its lane knew.
  func isCoherent(_ read: Int32) -> Bool {
    let node = self[read]
    let floor = floor(of: Int(node.lane), at: node.location, beforeLast: true)
    return floor == node.source || precedes(floor, node.source)
  }
}
