/// A quick look at a finished execution: are all plain accesses ordered by releases and acquires?
///
/// Such an order is part of the kernel's own visibility, so where it suffices the axioms need not
/// be asked. It is a clock a node, counting the nodes of each lane that come before.
struct GraphClocks {
  private let graph: ExecutionGraph
  private var clocks: [SIMD16<UInt16>]
  /// What a read learns that acquires from this write.
  private var released: [SIMD16<UInt16>]
  private var isKnown: [Bool]

  init(_ graph: ExecutionGraph) {
    self.graph = graph
    let zero = SIMD16<UInt16>(repeating: 0)
    clocks = [SIMD16<UInt16>](repeating: zero, count: graph.nodes.count)
    released = clocks
    isKnown = [Bool](repeating: false, count: graph.nodes.count)
    var cursors = graph.lanes.map { _ in 0 }
    var moved = true
    while moved {
      moved = false
      for lane in graph.lanes.indices {
        while cursors[lane] < graph.lanes[lane].count {
          let index = graph.lanes[lane][cursors[lane]]
          let node = graph[index]
          if node.kind == .read, node.source >= 0, !isKnown[Int(node.source)] { break }
          learn(index, node)
          cursors[lane] += 1
          moved = true
        }
      }
    }
  }

  private mutating func learn(_ index: Int32, _ node: GraphNode) {
    var clock = SIMD16<UInt16>(repeating: 0)
    if node.position > 0 {
      clock = clocks[Int(graph.lanes[Int(node.lane)][Int(node.position) - 1])]
    }
    if node.kind == .read, node.source >= 0,
      node.traits.contains(.acquire) || node.traits.contains(.full)
    {
      clock = clock.max(released[Int(node.source)])
    }
    clock[Int(node.lane)] = UInt16(node.position + 1)
    clocks[Int(index)] = clock
    isKnown[Int(index)] = true
    guard node.kind == .write else { return }
    if node.traits.contains(.release) || node.traits.contains(.full) {
      released[Int(index)] = clock
    }
    if node.traits.contains(.update), node.position > 0 {
      let read = graph[graph.lanes[Int(node.lane)][Int(node.position) - 1]]
      if read.source >= 0 {
        released[Int(index)] = released[Int(index)].max(released[Int(read.source)])
      }
    }
  }

  private func isBefore(_ first: Int, _ second: Int) -> Bool {
    let node = graph.nodes[first]
    return Int32(clocks[second][Int(node.lane)]) > node.position
  }

  /// Whether every conflicting pair with a plain access is ordered, and every object is used only
  /// between its beginning and its end.
  var orderEverything: Bool {
    for second in graph.nodes.indices where graph.nodes[second].isMemory {
      for first in 0..<second where mayRace(graph.nodes[first], graph.nodes[second]) {
        if !isOrdered(first, second) { return false }
      }
    }
    return true
  }

  private func mayRace(_ first: GraphNode, _ second: GraphNode) -> Bool {
    if !first.isMemory || first.isMarked && second.isMarked { return false }
    if first.isAccess && second.isAccess {
      return first.lane != second.lane && first.location == second.location
        && (first.isWrite || second.isWrite)
    }
    return first.object == second.object
  }

  private func isOrdered(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (graph.nodes[first], graph.nodes[second])
    if one.kind == .free || other.kind == .allocation { return isBefore(second, first) }
    if other.kind == .free || one.kind == .allocation { return isBefore(first, second) }
    return isBefore(first, second) || isBefore(second, first)
  }
}
