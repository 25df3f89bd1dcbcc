internal import Machine

/// What happened in one execution, as far as anybody can tell: program order within each lane, what
/// each read read, and the order in which the writes of each location took effect.
///
/// Nodes stand in the order in which they were added. A lane is a CPU's program order: a task with
/// the handlers nested in it.
///
/// Invariants:
/// 1. Program order and reads-from together have no cycle.
/// 2. Each location alone is sequentially consistent.
/// 3. A read-modify-write's write comes right after the write it read, once its read is no longer
///    contested.
struct ExecutionGraph {
  /// The write that no node stands for: what the memory held at first.
  static let initial: Int32 = -1
  /// No neighbour.
  static let none: Int32 = -2

  private(set) var nodes: [GraphNode] = []
  private(set) var lanes: [[Int32]] = []
  /// The last and first write of each location in coherence order.
  private(set) var lastWrite: [Int32] = []
  private(set) var firstWrite: [Int32] = []
  /// Whether program order, reads-from, coherence and from-reads together have no cycle: then the
  /// execution is one of sequentially consistent memory, and no weaker model can refuse it.
  var isSequential = true
  /// Whether a grace period is among the nodes; grace periods look backwards, so that even the
  /// newest node can close a cycle.
  var hasGracePeriods = false

  // MARK: - Looking

  subscript(_ node: Int32) -> GraphNode { nodes[Int(node)] }

  func last(of location: Int32) -> Int32 {
    Int(location) < lastWrite.count ? lastWrite[Int(location)] : ExecutionGraph.initial
  }

  func first(of location: Int32) -> Int32 {
    Int(location) < firstWrite.count ? firstWrite[Int(location)] : ExecutionGraph.none
  }

  /// The write after this one in coherence order, or ``none``.
  func next(after write: Int32, at location: Int32) -> Int32 {
    write == ExecutionGraph.initial ? first(of: location) : nodes[Int(write)].coherenceAfter
  }

  func previous(before write: Int32) -> Int32 { nodes[Int(write)].coherenceBefore }

  /// Whether the second node comes after the first in program order and reads-from, or is it.
  func reaches(_ early: Int32, _ late: Int32) -> Bool {
    early == late || isInPrefix(early, of: nodes[Int(late)].view)
  }

  func isInPrefix(_ node: Int32, of view: GraphClock) -> Bool {
    let node = nodes[Int(node)]
    return Int32(view[Int(node.lane)]) > node.position
  }

  /// The write before which nothing can be read or written here any more: what the lane last read
  /// or wrote at the location.
  ///
  /// - Parameter beforeLast: Asks for the lane's last node instead of for one that is to come.
  func floor(of lane: Int, at location: Int32, beforeLast: Bool = false) -> Int32 {
    guard lane < lanes.count else { return ExecutionGraph.initial }
    for index in lanes[lane].dropLast(beforeLast ? 1 : 0).reversed() {
      let node = nodes[Int(index)]
      guard node.location == location else { continue }
      if node.kind == .write { return index }
      if node.kind == .read { return node.source }
    }
    return ExecutionGraph.initial
  }

  /// Whether the first write comes before the second in coherence order.
  func precedes(_ early: Int32, _ late: Int32) -> Bool {
    guard late != ExecutionGraph.initial else { return false }
    if early == ExecutionGraph.initial { return true }
    var write = nodes[Int(late)].coherenceBefore
    while write >= 0 {
      if write == early { return true }
      write = nodes[Int(write)].coherenceBefore
    }
    return false
  }

  /// The read-modify-write that took this write's value, as its write, or nil.
  func consumer(of write: Int32, at location: Int32) -> Int32? {
    let after = next(after: write, at: location)
    guard after >= 0, nodes[Int(after)].traits.contains(.update) else { return nil }
    let read = lanes[Int(nodes[Int(after)].lane)][Int(nodes[Int(after)].position) - 1]
    return nodes[Int(read)].source == write ? after : nil
  }

  func value(of write: Int32, initially bits: UInt64) -> UInt64 {
    write == ExecutionGraph.initial ? bits : nodes[Int(write)].value
  }

  // MARK: - Adding

  mutating func addLane() { lanes.append([]) }

  /// Adds a node at the end of its lane and returns its number; a write still has no place in the
  /// coherence order.
  @discardableResult
  mutating func add(_ node: GraphNode) -> Int32 {
    var node = node
    let index = Int32(nodes.count)
    let lane = Int(node.lane)
    while lanes.count <= lane { addLane() }
    node.position = Int32(lanes[lane].count)
    learn(&node, after: lanes[lane].last)
    nodes.append(node)
    lanes[lane].append(index)
    return index
  }

  /// Gives a write its place in the coherence order, right after another.
  mutating func place(_ write: Int32, after before: Int32) {
    let location = nodes[Int(write)].location
    let after = next(after: before, at: location)
    while lastWrite.count <= Int(location) {
      lastWrite.append(ExecutionGraph.initial)
      firstWrite.append(ExecutionGraph.none)
    }
    nodes[Int(write)].coherenceBefore = before
    nodes[Int(write)].coherenceAfter = after
    if before >= 0 {
      nodes[Int(before)].coherenceAfter = write
    } else {
      firstWrite[Int(location)] = write
    }
    if after >= 0 {
      nodes[Int(after)].coherenceBefore = write
    } else {
      lastWrite[Int(location)] = write
    }
  }

  /// Lets a read read something else.
  mutating func redirect(_ read: Int32, to write: Int32, value: UInt64) {
    nodes[Int(read)].source = write
    nodes[Int(read)].value = value
    nodes[Int(read)].traits.subtract(.stuck)
    nodes[Int(read)].settleComparison()
    let lane = Int(nodes[Int(read)].lane)
    let position = Int(nodes[Int(read)].position)
    learn(&nodes[Int(read)], after: position > 0 ? lanes[lane][position - 1] : nil)
  }

  mutating func mark(_ node: Int32, _ traits: GraphNode.Traits) {
    nodes[Int(node)].traits.formUnion(traits)
  }

  mutating func unmark(_ node: Int32, _ traits: GraphNode.Traits) {
    nodes[Int(node)].traits.subtract(traits)
  }

  // MARK: - Knowing

  /// Writes down what comes before a node: all that its lane knew, and all that it reads.
  private func learn(_ node: inout GraphNode, after previous: Int32?) {
    let lane = Int(node.lane)
    node.view = previous.map { nodes[Int($0)].view } ?? GraphClock(repeating: 0)
    node.clock = previous.map { nodes[Int($0)].clock } ?? GraphClock(repeating: 0)
    if node.kind == .read, node.source >= 0 {
      let source = nodes[Int(node.source)]
      node.view = node.view.max(source.view)
      if !node.traits.isDisjoint(with: [.acquire, .full]) {
        node.clock = node.clock.max(source.released)
      }
    }
    if node.kind == .barrier, node.barrier == .afterControl,
      let read = lanes[lane].last(where: { nodes[Int($0)].kind == .read }),
      nodes[Int(read)].source >= 0
    {
      node.clock = node.clock.max(nodes[Int(nodes[Int(read)].source)].released)
    }
    node.view[lane] = UInt16(node.position + 1)
    node.clock[lane] = UInt16(node.position + 1)
    if node.kind == .write { node.released = released(by: node, after: previous) }
  }

  /// What a write hands on: all that is known if it is a release, and what the write it updates
  /// handed on.
  private func released(by node: GraphNode, after previous: Int32?) -> GraphClock {
    var released = GraphClock(repeating: 0)
    if !node.traits.isDisjoint(with: [.release, .full]) { released = node.clock }
    if node.traits.contains(.update), let previous, nodes[Int(previous)].source >= 0 {
      released = released.max(nodes[Int(nodes[Int(previous)].source)].released)
    }
    return released
  }

  /// Whether the lane's next node comes after this one by releases and acquires.
  func isKnown(_ node: Int32, to lane: Int) -> Bool {
    guard node >= 0, lane < lanes.count, let last = lanes[lane].last else { return false }
    let node = nodes[Int(node)]
    return Int32(nodes[Int(last)].clock[Int(node.lane)]) > node.position
  }

  // MARK: - Restricting

  /// The graph without some nodes.
  ///
  /// What is left must be closed: no kept node comes after a removed one in program order or
  /// reads-from.
  /// - Returns: The smaller graph, and the new number of each node.
  func restricted(to keeps: (Int32) -> Bool) -> (graph: ExecutionGraph, number: [Int32]) {
    var small = ExecutionGraph()
    small.isSequential = isSequential
    small.hasGracePeriods = hasGracePeriods
    var number = [Int32](repeating: ExecutionGraph.none, count: nodes.count)
    small.nodes.reserveCapacity(nodes.count + 2)
    for index in nodes.indices where keeps(Int32(index)) {
      number[index] = Int32(small.nodes.count)
      small.nodes.append(nodes[index])
    }
    for index in small.nodes.indices {
      let source = small.nodes[index].source
      if small.nodes[index].kind == .read, source >= 0 {
        small.nodes[index].source = number[Int(source)]
      }
    }
    small.lanes = lanes.map { lane in
      lane.compactMap { number[Int($0)] >= 0 ? number[Int($0)] : nil }
    }
    small.firstWrite = firstWrite.map { _ in ExecutionGraph.none }
    small.lastWrite = lastWrite.map { _ in ExecutionGraph.initial }
    for location in firstWrite.indices { keepCoherence(of: location, in: &small, number) }
    return (small, number)
  }

  private func keepCoherence(of location: Int, in small: inout ExecutionGraph, _ number: [Int32]) {
    var before = ExecutionGraph.initial
    var write = firstWrite[location]
    while write >= 0 {
      let kept = number[Int(write)]
      if kept >= 0 {
        small.nodes[Int(kept)].coherenceBefore = before
        small.nodes[Int(kept)].coherenceAfter = ExecutionGraph.none
        if before >= 0 {
          small.nodes[Int(before)].coherenceAfter = kept
        } else {
          small.firstWrite[location] = kept
        }
        small.lastWrite[location] = kept
        before = kept
      }
      write = nodes[Int(write)].coherenceAfter
    }
  }
}

extension GraphClock {
  /// The larger of each pair.
  func max(_ other: GraphClock) -> GraphClock { replacing(with: other, where: other .> self) }
}
