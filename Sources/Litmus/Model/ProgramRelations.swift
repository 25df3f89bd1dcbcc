/// What the program's text says about the order of its events, whatever they read.
struct ProgramRelations {
  let count: Int
  // Sets of events.
  let reads: EventSet
  let writes: EventSet
  let accesses: EventSet
  let marked: EventSet
  let plain: EventSet
  let initial: EventSet
  let unlocks: EventSet
  let lockReads: EventSet
  let gracePeriods: EventSet
  // Relations.
  let po: Relation
  /// Pairs on the same thread, and on different ones.
  let int: Relation
  let ext: Relation
  let rmw: Relation
  let addr: Relation
  let data: Relation
  let ctrl: Relation
  let acqPo: Relation
  let poRel: Relation
  let rmb: Relation
  let wmb: Relation
  let mb: Relation
  let gp: Relation
  /// Outermost read sections, from the first event to the last.
  let rscs: Relation
  /// From the read half of taking a lock to what comes after a smp_mb__after_unlock_lock.
  let afterUnlockLock: Relation
  let hasLocks: Bool
  let identity: Relation
  /// Pairs of different events on the same thread.
  let inner: Relation
  /// Pairs that may race if they meet in memory.
  let preRace: Relation
  /// Pairs of writes of which the first, or the second, is marked.
  let fromMarked: Relation
  let toMarked: Relation

  init(_ program: Program) {
    let count = program.count
    self.count = count
    func set(_ isMember: (PathEvent) -> Bool) -> EventSet { program.events(where: isMember) }
    reads = set { $0.kind.isRead }
    writes = set { $0.kind.isWrite }
    accesses = reads | writes
    initial = set { $0.kind == .initial }
    plain = set { $0.kind != .initial && $0.kind.isAccess && $0.mark == .plain }
    let plain = plain
    marked = EventSet(count: count) { !plain.contains($0) }
    unlocks = set { $0.kind == .unlock }
    lockReads = set { $0.kind == .lockRead }
    gracePeriods = set { $0.kind == .gracePeriod }
    hasLocks = !lockReads.isEmpty
    var po = Relation(count: count)
    var int = Relation(count: count)
    for one in 0..<count {
      for other in 0..<count where program.threads[one] == program.threads[other] {
        int.insert(one, other)
        if program.isBefore(one, other) { po.insert(one, other) }
      }
    }
    self.po = po
    self.int = int
    let everything = set { _ in true }
    ext = Relation.product(everything, everything) - int
    rmw = Self.updates(program)
    addr = Self.dependency(program) { $0.kind.isAccess ? $0.address.reads : 0 }
    data = Self.dependency(program) { $0.kind.isWrite ? $0.value.reads : 0 }
    ctrl = Self.dependency(program) { $0.control }
    let barriers = BarrierRelations(program)
    acqPo = po.from(set { $0.kind.isRead && $0.mark == .acquire }).to(accesses)
    poRel = po.from(accesses).to(set { $0.kind.isWrite && $0.mark == .release })
    let ordered = set { $0.kind.isRead && $0.mark != .noReturn }
    rmb = barriers.across(.read).from(ordered).to(ordered)
    wmb = barriers.across(.write).from(writes).to(writes)
    mb = Self.full(program, po, accesses, barriers)
    afterUnlockLock = barriers.across(.afterUnlockLock).from(lockReads).to(accesses)
    gp = po.to(gracePeriods).then(po.optional)
    rscs = Self.sections(program)
    identity = Relation.identity(on: everything)
    inner = int - identity
    let later = EventSet(count: count) { program.threads[$0] >= 0 } & accesses
    preRace =
      (Relation.product(plain, accesses) | Relation.product(later, plain)) & ext
    fromMarked = Relation.product(marked, writes)
    toMarked = Relation.product(writes, marked)
  }

  private static func updates(_ program: Program) -> Relation {
    var rmw = Relation(count: program.count)
    for (event, half) in program.events.enumerated().map({ ($0, $1.readHalf) }) {
      if let half { rmw.insert(half, event) }
    }
    return rmw
  }

  private static func dependency(
    _ program: Program, _ reads: (PathEvent) -> UInt64
  ) -> Relation {
    var relation = Relation(count: program.count)
    for range in program.ranges {
      for event in range {
        var rest = reads(program.events[event])
        while rest != 0 {
          relation.insert(range.lowerBound + rest.trailingZeroBitCount, event)
          rest &= rest &- 1
        }
      }
    }
    return relation
  }

  private static func full(
    _ program: Program, _ po: Relation, _ accesses: EventSet, _ barriers: BarrierRelations
  ) -> Relation {
    let updates = program.events { $0.isUpdate }
    let lockWrites = program.events { $0.kind == .lockWrite }
    let before = barriers.across(.beforeAtomic).to(updates).then(po.optional)
    let after = po.optional.to(updates).then(barriers.across(.afterAtomic))
    let lock = po.optional.to(lockWrites).then(barriers.across(.afterSpinlock))
    let full =
      barriers.across(.full) | po.to(program.events { $0.kind.isRead && $0.mark == .full })
      | po.from(program.events { $0.kind.isWrite && $0.mark == .full }) | before | after | lock
    return full.from(accesses).to(accesses)
  }

  private static func sections(_ program: Program) -> Relation {
    var relation = Relation(count: program.count)
    for (range, path) in zip(program.ranges, program.paths) {
      for (first, last) in path.sections {
        relation.insert(range.lowerBound + first, range.lowerBound + last)
      }
    }
    return relation
  }
}

/// Pairs of events with a barrier between them.
struct BarrierRelations {
  let program: Program

  init(_ program: Program) { self.program = program }

  func across(_ barrier: LitmusBarrier) -> Relation {
    var relation = Relation(count: program.count)
    for (range, path) in zip(program.ranges, program.paths) {
      for (found, position) in path.barriers where found == barrier {
        for before in range.prefix(position) {
          for after in range.dropFirst(position) { relation.insert(before, after) }
        }
      }
    }
    return relation
  }
}
