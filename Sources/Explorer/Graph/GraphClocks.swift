/// A quick look at a finished execution, at whether releases and acquires order all plain accesses.
///
/// Such an order is part of the kernel's own visibility, so where it suffices the axioms need not
/// be asked.
struct GraphClocks {
  let graph: ExecutionGraph

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
    let node = graph.nodes[first]
    return Int32(graph.nodes[second].clock[Int(node.lane)]) > node.position
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
