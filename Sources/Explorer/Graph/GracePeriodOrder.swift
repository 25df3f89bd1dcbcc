extension SequentialOrder {
  /// Whether there is such an order in which each grace period also waits for every read section
  /// that was open when it began.
  ///
  /// Then the kernel's model admits the graph: for each section and grace period the order says
  /// which precedes the other, and everything that follows from that agrees with the order (Alglave
  /// et al., ASPLOS 2018, show that this choice and the axiom come to the same). A `false` says
  /// nothing: only one order is tried, in which sections begin as late as they can.
  var existsWithGracePeriods: Bool {
    var schedule = GracePeriodSchedule(self)
    return schedule.run()
  }
}

extension ExecutionGraph {
  /// Whether the newest node stands in a read section.
  var isNewestInSection: Bool {
    guard let newest = nodes.last else { return false }
    for index in lanes[Int(newest.lane)].reversed() {
      switch self[index].kind {
      case .readerEnters: return true
      case .readerLeaves: return false
      default: continue
      }
    }
    return false
  }
}

/// Takes nodes in an order, as a machine would that has one memory.
private struct GracePeriodSchedule {
  private let order: SequentialOrder
  private var waiting: [Int32]
  private var ready: [Int32] = []
  /// Beginnings of sections: they come where nothing else can.
  private var sections: [Int32] = []
  /// Lanes in a section, one bit each.
  private var open: UInt32 = 0
  /// Grace periods that have begun, and the lanes whose sections they wait for.
  private var begun: [(node: Int32, waitsFor: UInt32)] = []
  private var taken = 0

  init(_ order: SequentialOrder) {
    self.order = order
    waiting = order.predecessors
    for index in waiting.indices where waiting[index] == 0 { becomeReady(Int32(index)) }
  }

  private func node(_ index: Int32) -> GraphNode { order.graph[index] }

  private mutating func becomeReady(_ index: Int32) {
    switch node(index).kind {
    case .readerEnters: sections.append(index)
    case .gracePeriod: begun.append((index, open & ~bit(index)))
    default: ready.append(index)
    }
  }

  private func bit(_ index: Int32) -> UInt32 { 1 << UInt32(node(index).lane) }

  mutating func run() -> Bool {
    while true {
      if let index = ready.popLast() {
        take(index)
      } else if let over = begun.firstIndex(where: { $0.waitsFor == 0 }) {
        take(begun.remove(at: over).node)
      } else if let index = sections.popLast() {
        open |= bit(index)
        take(index)
      } else {
        return taken == order.graph.nodes.count
      }
    }
  }

  private mutating func take(_ index: Int32) {
    taken += 1
    let next = node(index)
    let isLastOfLane = Int(next.position) + 1 == order.graph.lanes[Int(next.lane)].count
    // A section that is still open when its lane ends is taken to end there.
    if next.kind == .readerLeaves || isLastOfLane { leave(bit(index)) }
    var freed: [Int32] = []
    order.forEachNext(index) { freed.append($0) }
    for later in freed {
      waiting[Int(later)] -= 1
      if waiting[Int(later)] == 0 { becomeReady(later) }
    }
  }

  private mutating func leave(_ lane: UInt32) {
    open &= ~lane
    for place in begun.indices { begun[place].waitsFor &= ~lane }
  }
}
