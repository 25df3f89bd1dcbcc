internal import Machine

/// A finished graph as one schedule: its nodes in an order in which every read finds what it read
/// already written, with as few switches between lanes as can be.
struct GraphSchedule {
  let graph: ExecutionGraph
  /// Node numbers in the order of the schedule.
  private(set) var order: [Int32] = []

  /// - Parameter last: The node that the schedule leads to; nil for all nodes.
  init(_ graph: ExecutionGraph, leadingTo last: [Int32]? = nil) {
    self.graph = graph
    var kept = [Bool](repeating: last == nil, count: graph.nodes.count)
    for end in last ?? [] {
      for index in graph.nodes.indices where graph.reaches(Int32(index), end) {
        kept[index] = true
      }
    }
    let lanes = graph.lanes.map { lane in lane.filter { kept[Int($0)] } }
    order = arrange(lanes)
  }

  /// Lane by lane, each as far as it can go; the fewest switches where the search for them ends.
  private func arrange(_ lanes: [[Int32]]) -> [Int32] {
    let flat = lanes.flatMap { $0 }
    var place: [Int32: Int] = [:]
    for (index, node) in flat.enumerated() { place[node] = index }
    let before = flat.map { number in
      precursors(of: number).compactMap { place[$0] }
    }
    let indexed = lanes.filter { !$0.isEmpty }.map { lane in lane.compactMap { place[$0] } }
    let search = WitnessSearch(lanes: indexed, before: before)
    return (search.run() ?? greedy(indexed, before)).map { flat[$0] }
  }

  /// What must come before a node: what it read; and where the graph is one of sequentially
  /// consistent memory also the writes and reads that it comes after.
  private func precursors(of number: Int32) -> [Int32] {
    let node = graph[number]
    var found: [Int32] = []
    if node.position > 0 {
      found.append(graph.lanes[Int(node.lane)][Int(node.position) - 1])
    }
    if node.kind == .read, node.source >= 0 { found.append(node.source) }
    guard graph.isSequential, node.kind == .write else { return found }
    if node.coherenceBefore >= 0 { found.append(node.coherenceBefore) }
    for other in graph.nodes.indices {
      let read = graph.nodes[other]
      if read.kind == .read, read.location == node.location, read.source == node.coherenceBefore,
        Int32(other) != number
      {
        found.append(Int32(other))
      }
    }
    return found
  }

  private func greedy(_ lanes: [[Int]], _ before: [[Int]]) -> [Int] {
    var taken = [Int](repeating: 0, count: lanes.count)
    var isDone = Set<Int>()
    var order: [Int] = []
    var lane = 0
    let total = lanes.reduce(0) { $0 + $1.count }
    while order.count < total {
      let start = order.count
      while taken[lane] < lanes[lane].count,
        before[lanes[lane][taken[lane]]].allSatisfy(isDone.contains)
      {
        let step = lanes[lane][taken[lane]]
        taken[lane] += 1
        isDone.insert(step)
        order.append(step)
      }
      lane = (lane + 1) % lanes.count
      precondition(order.count > start || lanes.count > 1, "explorer: a graph without an order")
    }
    return order
  }
}
