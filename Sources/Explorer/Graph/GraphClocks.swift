/// A quick look at a finished execution, at whether releases and acquires, dependencies and grace
/// periods order all plain accesses.
///
/// Such an order is part of the kernel's own visibility, so where it suffices the axioms need not
/// be asked.
struct GraphClocks {
  private let graph: ExecutionGraph
  private let grace: GracePeriodClocks

  init(graph: ExecutionGraph) {
    self.graph = graph
    grace = GracePeriodClocks(graph)
  }

  /// Whether every conflicting pair with a plain access is ordered, and every object is used only
  /// between its beginning and its end.
  var orderEverything: Bool {
    for second in graph.nodes.indices where graph.nodes[second].isMemory {
      for first in 0..<second where mayRace(first, second) {
        if !isOrdered(first, second) { return false }
      }
    }
    return true
  }

  private func isBefore(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (graph.nodes[first], graph.nodes[second])
    return graph.knows(one, at: other) || isLedTo(one, other) || grace.separates(one, other)
  }

  /// Whether the second node depends on a pointer that was published after the first.
  private func isLedTo(_ first: GraphNode, _ second: GraphNode) -> Bool {
    var loads = second.addressDependencies
    guard loads != 0 else { return false }
    for index in graph.lanes[Int(second.lane)] where graph[index].kind == .read {
      defer { loads >>= 1 }
      guard loads & 1 != 0, graph[index].source >= 0 else { continue }
      let published = graph[graph[index].source].released
      if Int32(published[Int(first.lane)]) > first.position { return true }
    }
    return false
  }

  private func mayRace(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (graph.nodes[first], graph.nodes[second])
    if !one.isMemory || one.isMarked && other.isMarked { return false }
    if one.isAccess && other.isAccess {
      return one.lane != other.lane && one.location == other.location
        && (one.isWrite || other.isWrite)
    }
    return one.object == other.object
  }

  private func isOrdered(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (graph.nodes[first], graph.nodes[second])
    if one.kind == .free || other.kind == .allocation { return isBefore(second, first) }
    if other.kind == .free || one.kind == .allocation { return isBefore(first, second) }
    return isBefore(first, second) || isBefore(second, first)
  }
}

/// Read sections and the grace periods that must have waited for them: those before which a write
/// is known that somebody in the section had not seen.
private struct GracePeriodClocks {
  private struct Pair {
    var section: UInt8
    var end: Int32
    var waiter: UInt8
    var gracePeriod: Int32
  }

  private var pairs: [Pair] = []

  init(_ graph: ExecutionGraph) {
    let periods = graph.nodes.filter { $0.kind == .gracePeriod }
    guard !periods.isEmpty else { return }
    for lane in graph.lanes {
      for section in graph.sections(of: lane) {
        let end = graph[lane[section.upperBound]]
        for period in periods where period.lane != end.lane {
          guard lane[section].contains(where: { graph.misses($0, beforehand: period) }) else {
            continue
          }
          pairs.append(
            Pair(
              section: end.lane, end: end.position, waiter: period.lane,
              gracePeriod: period.position))
        }
      }
    }
  }

  /// Whether the first node comes before the end of a section, and the second after a grace period
  /// that waited for it.
  func separates(_ first: GraphNode, _ second: GraphNode) -> Bool {
    pairs.contains {
      $0.section == first.lane && first.position < $0.end && $0.waiter == second.lane
        && $0.gracePeriod < second.position
    }
  }
}

extension ExecutionGraph {
  /// Whether releases and acquires order the first node before the second.
  fileprivate func knows(_ first: GraphNode, at second: GraphNode) -> Bool {
    Int32(second.clock[Int(first.lane)]) > first.position
  }

  /// The closed read sections of a lane, from the place of their beginnings to that of their ends.
  fileprivate func sections(of lane: [Int32]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var begin: Int?
    for (place, index) in lane.enumerated() {
      if self[index].kind == .readerEnters { begin = place }
      if self[index].kind == .readerLeaves, let start = begin {
        found.append(start..<place)
        begin = nil
      }
    }
    return found
  }

  /// Whether a marked access comes before a marked write of another lane that the grace period
  /// comes after.
  fileprivate func misses(_ index: Int32, beforehand period: GraphNode) -> Bool {
    let access = self[index]
    guard access.isAccess, access.isMarked else { return false }
    var later =
      access.kind == .read
      ? next(after: access.source, at: access.location) : access.coherenceAfter
    while later >= 0 {
      let write = self[later]
      if write.lane != access.lane, write.isMarked, knows(write, at: period) { return true }
      later = write.coherenceAfter
    }
    return false
  }
}
