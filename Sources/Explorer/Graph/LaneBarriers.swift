internal import Machine

/// What the barriers, ordered accesses and dependencies of the lanes order, as pairs of accesses.
struct LaneBarriers {
  /// Full barriers, grace periods, value-returning updates.
  var strong: Relation
  /// Something, then a release.
  var release: Relation
  /// An acquire, then something.
  var acquire: Relation
  var reads: Relation
  var writes: Relation
  var address: Relation
  var data: Relation
  var control: Relation
  /// Where a barrier after an unlock and a lock stands: lane and position.
  var afterUnlockLock: [(UInt8, Int32)] = []

  init(count: Int) {
    strong = Relation(count: count)
    (release, acquire, reads, writes) = (strong, strong, strong, strong)
    (address, data, control) = (strong, strong, strong)
  }

  /// Barriers that order reads and writes alike.
  var both: Relation { strong | release | acquire }
  var all: Relation { both | reads | writes }

  /// Adds one lane's, given where its nodes stand.
  mutating func add(_ graph: ExecutionGraph, _ lane: [Int32], _ places: [Int32]) {
    var scan = LaneScan()
    for number in lane {
      let node = graph[number]
      if node.kind == .barrier {
        if node.barrier == .afterUnlockLock { afterUnlockLock.append((node.lane, node.position)) }
        scan.take(node.barrier)
      } else if node.isWait, places[Int(number)] >= 0 {
        for early in scan.accesses { strong.insert(early.place, Int(places[Int(number)])) }
        scan.take(.full)
      } else if node.isMemory, places[Int(number)] >= 0 {
        relate(node, Int(places[Int(number)]), scan)
        scan.take(node, Int(places[Int(number)]))
      }
    }
  }

  private mutating func relate(_ node: GraphNode, _ place: Int, _ scan: LaneScan) {
    for (order, early) in scan.accesses.enumerated() {
      let isOwnHalf = node.kind == .write && node.traits.contains(.update) && order == scan.last
      let ordersFully = node.traits.contains(.full) || early.traits.contains(.full)
      if order < scan.strong(before: node) || ordersFully && !isOwnHalf {
        strong.insert(early.place, place)
      }
      if node.kind == .write, node.traits.contains(.release) { release.insert(early.place, place) }
      if early.traits.contains(.acquire), early.isRead { acquire.insert(early.place, place) }
      if order < scan.readBarrier, early.isRead, node.kind == .read,
        !early.traits.contains(.withoutResult), !node.traits.contains(.withoutResult)
      {
        reads.insert(early.place, place)
      }
      if order < scan.writeBarrier, !early.isRead, node.kind != .read {
        writes.insert(early.place, place)
      }
    }
    depend(&address, node.addressDependencies, place, scan)
    depend(&data, node.dataDependencies, place, scan)
    depend(&control, node.controlDependencies, place, scan)
  }

  private func depend(
    _ relation: inout Relation, _ loads: UInt64, _ place: Int, _ scan: LaneScan
  ) {
    var left = loads
    while left != 0 {
      let load = left.trailingZeroBitCount
      left &= left - 1
      if load < scan.loads.count { relation.insert(scan.loads[load], place) }
    }
  }
}

/// Goes along one lane and remembers which accesses came before which barrier.
struct LaneScan {
  struct Early {
    var place: Int
    var isRead: Bool
    var traits: GraphNode.Traits
  }

  private(set) var accesses: [Early] = []
  /// Places of the reads, by their number in the lane.
  private(set) var loads: [Int] = []
  /// How many accesses came before the last barrier of each kind.
  private var fullBarrier = 0
  private(set) var readBarrier = 0
  private(set) var writeBarrier = 0
  private var beforeAtomic = 0
  private var lastUpdate = -1
  private var lastLock = -1

  var last: Int { accesses.count - 1 }

  mutating func take(_ barrier: BarrierKind) {
    switch barrier {
    case .full: fullBarrier = accesses.count
    case .read: readBarrier = accesses.count
    case .write: writeBarrier = accesses.count
    case .beforeAtomic: beforeAtomic = accesses.count
    case .afterAtomic: fullBarrier = max(fullBarrier, lastUpdate + 1)
    case .afterSpinlock: fullBarrier = max(fullBarrier, lastLock + 1)
    case .afterControl: acquireLastRead()
    case .compiler, .afterUnlockLock: break
    }
  }

  /// A branch on the last read, and a read barrier: together an acquire.
  private mutating func acquireLastRead() {
    guard let read = accesses.lastIndex(where: \.isRead) else { return }
    accesses[read].traits.insert(.acquire)
  }

  mutating func take(_ node: GraphNode, _ place: Int) {
    if node.kind == .read { loads.append(place) }
    if node.traits.contains(.update) {
      fullBarrier = max(fullBarrier, beforeAtomic)
      lastUpdate = accesses.count
    }
    if node.kind == .write, node.traits.contains(.lock) { lastLock = accesses.count }
    accesses.append(Early(place: place, isRead: node.kind == .read, traits: node.traits))
  }

  /// How many accesses a full barrier separates from this node.
  func strong(before node: GraphNode) -> Int {
    node.traits.contains(.update) ? max(fullBarrier, beforeAtomic) : fullBarrier
  }
}
