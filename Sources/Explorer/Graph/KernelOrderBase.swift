internal import Machine

/// What a graph says before any axiom is asked: its relations, and the barriers between accesses.
struct KernelOrderBase {
  /// The nodes that take part, and how the graph calls them; -1 for one that it does not have.
  let numbers: [Int32]
  let nodes: [GraphNode]
  let count: Int
  let isMarked: [Bool]
  let isRead: [Bool]
  let isWrite: [Bool]
  let gracePeriods: [Bool]
  let barriersEverywhere: [Bool]
  let hasPlainAccesses: Bool

  private(set) var programOrder: Relation
  /// Pairs within one lane, each node with itself included.
  private(set) var sameLane: Relation
  private(set) var coherence: Relation
  private(set) var readsFrom: Relation
  /// Coherence and from-reads.
  private(set) var overwrite: Relation
  private(set) var readsFromOutside: Relation
  /// From the end of a read section back to its beginning.
  private(set) var sectionsBackwards: Relation
  /// What the barriers and ordered accesses of each lane order.
  private(set) var barriers: LaneBarriers
  /// Across an unlock and the next lock.
  private(set) var handover: Relation
  private(set) var cumulFence: Relation
  private(set) var preserved: Relation
  /// Chains of updates, each reading the one before.
  private(set) var updateSequence: Relation

  /// - Parameter withObjects: Whether the beginnings and ends of objects take part.
  init(_ graph: ExecutionGraph, withObjects: Bool = false) {
    let hasGrace = graph.nodes.contains(where: \.isWait)
    var numbers: [Int32] = []
    for index in graph.nodes.indices {
      if graph.nodes[index].takesPart(withGrace: hasGrace, withObjects: withObjects) {
        numbers.append(Int32(index))
      }
    }
    var nodes = numbers.map { graph[$0] }
    if hasGrace {
      for node in graph.openSections() {
        nodes.append(node)
        numbers.append(-1)
      }
    }
    self.numbers = numbers
    self.nodes = nodes
    count = nodes.count
    isRead = nodes.map { $0.kind == .read }
    isWrite = nodes.map(\.isWrite)
    isMarked = nodes.map { $0.isMarked || !$0.isMemory }
    gracePeriods = nodes.map { $0.kind == .gracePeriod }
    barriersEverywhere = nodes.map { $0.kind == .barrierEverywhere }
    hasPlainAccesses = nodes.contains { $0.isMemory && !$0.isMarked }
    let empty = Relation(count: nodes.count)
    (programOrder, coherence, readsFrom, overwrite) = (empty, empty, empty, empty)
    (readsFromOutside, sectionsBackwards, handover, sameLane) = (empty, empty, empty, empty)
    (cumulFence, preserved, updateSequence) = (empty, empty, empty)
    barriers = LaneBarriers(count: nodes.count)
    var places = [Int32](repeating: -1, count: graph.nodes.count)
    for (place, number) in numbers.enumerated() where number >= 0 {
      places[Int(number)] = Int32(place)
    }
    addProgramOrder()
    addCommunication(places)
    addSections()
    for lane in graph.lanes { barriers.add(graph, lane, places) }
    combine()
  }

  /// Whether the pair is in one lane.
  func isInside(_ first: Int, _ second: Int) -> Bool { nodes[first].lane == nodes[second].lane }

  /// The pairs within one lane.
  func inside(_ relation: Relation) -> Relation {
    relation & sameLane
  }

  func outside(_ relation: Relation) -> Relation {
    relation - sameLane
  }

  // MARK: - Program order and communication

  private mutating func addProgramOrder() {
    for first in 0..<count {
      for second in 0..<count where nodes[first].lane == nodes[second].lane {
        sameLane.insert(first, second)
        if nodes[first].position < nodes[second].position { programOrder.insert(first, second) }
      }
    }
  }

  private mutating func addCommunication(_ places: [Int32]) {
    for first in 0..<count where nodes[first].kind == .write {
      var after = nodes[first].coherenceAfter
      while after >= 0 {
        let place = Int(places[Int(after)])
        coherence.insert(first, place)
        after = nodes[place].coherenceAfter
      }
    }
    overwrite = coherence
    for read in 0..<count where isRead[read] {
      let source = nodes[read].source >= 0 ? Int(places[Int(nodes[read].source)]) : -1
      if source >= 0 { readsFrom.insert(source, read) }
      for write in 0..<count
      where nodes[write].kind == .write && nodes[write].location == nodes[read].location
        && (source < 0 || coherence.contains(source, write))
      {
        overwrite.insert(read, write)
      }
    }
    readsFromOutside = outside(readsFrom)
  }

  private mutating func addSections() {
    var begins: [UInt8: Int] = [:]
    let inOrder = (0..<count).sorted {
      (nodes[$0].lane, nodes[$0].position) < (nodes[$1].lane, nodes[$1].position)
    }
    for place in inOrder {
      let node = nodes[place]
      if node.kind == .readerEnters {
        begins[node.lane] = place
      } else if node.kind == .readerLeaves, let begin = begins.removeValue(forKey: node.lane) {
        sectionsBackwards.insert(place, begin)
      }
    }
  }

  // MARK: - What follows from them

  private mutating func combine() {
    addUpdates()
    addHandover()
    let readsFromMarked = readsFromOutside.to(isMarked).orSame
    let release = barriers.strong | barriers.release
    cumulFence = (readsFromMarked.then(release) | barriers.writes | handover)
      .from(isMarked).to(isMarked).then(updateSequence)
    let inward = readsFrom - readsFromOutside
    let carried = barriers.data.then(inward).closure.orSame
    let address = carried.then(barriers.address)
    let data = carried.then(barriers.data)
    let control = carried.then(barriers.control)
    barriers.address = address
    let plain = isMarked.map { !$0 }
    let toWrite =
      (address | data | control).to(isWrite) | inside(overwrite)
      | address.to(plain).then(barriers.writes)
    let toRead = address.to(isRead) | (address | data).to(isMarked).then(inward)
    preserved = toRead | toWrite | inside(barriers.all) | inside(handover)
  }

  private mutating func addUpdates() {
    var update = Relation(count: count)
    for read in 0..<count where isRead[read] && nodes[read].traits.contains(.update) {
      for write in 0..<count
      where nodes[write].kind == .write && nodes[write].lane == nodes[read].lane
        && nodes[write].position == nodes[read].position + 1
        && nodes[write].traits.contains(.update)
      {
        update.insert(read, write)
      }
    }
    updateSequence = readsFrom.then(update).closure.orSame
  }

  private mutating func addHandover() {
    let isUnlock = nodes.map { $0.traits.contains(.unlock) }
    guard isUnlock.contains(true) else { return }
    let isLock = nodes.map { $0.kind == .read && $0.traits.contains(.lock) && !$0.isBlocked }
    let fromUnlock = (programOrder | readsFrom).from(isUnlock).to(isLock)
    handover = programOrder.then(fromUnlock).then(programOrder)
    guard !barriers.afterUnlockLock.isEmpty else { return }
    let toBarrier = programOrder.then(fromUnlock)
    for first in 0..<count where nodes[first].isMemory {
      toBarrier.forEach(from: first) { lock in
        for (lane, position) in barriers.afterUnlockLock
        where lane == nodes[lock].lane && position > nodes[lock].position {
          for last in 0..<count
          where nodes[last].isMemory && nodes[last].lane == lane && nodes[last].position > position
          {
            barriers.strong.insert(first, last)
          }
        }
      }
    }
  }
}

extension GraphNode {
  /// Whether the node waits for what other lanes do: a grace period, or a barrier on every CPU.
  var isWait: Bool { kind == .gracePeriod || kind == .barrierEverywhere }

  func takesPart(withGrace: Bool, withObjects: Bool) -> Bool {
    switch kind {
    case .read, .write: true
    case .allocation, .free: withObjects
    case .readerEnters, .readerLeaves, .gracePeriod, .barrierEverywhere: withGrace
    case .barrier, .choice, .handlerEnters, .handlerLeaves: false
    }
  }
}

extension ExecutionGraph {
  /// Ends for the read sections that are open, after everything else in their lanes: an open
  /// section would order nothing.
  func openSections() -> [GraphNode] {
    lanes.indices.compactMap { lane in
      let isOpen = lanes[lane].reduce(false) { open, index in
        switch self[index].kind {
        case .readerEnters: true
        case .readerLeaves: false
        default: open
        }
      }
      guard isOpen else { return nil }
      var end = GraphNode(kind: .readerLeaves, lane: UInt8(lane))
      end.position = Int32(lanes[lane].count)
      return end
    }
  }
}
