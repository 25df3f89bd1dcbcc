internal import Machine

/// The order that a program may rely on, and the accesses that lack it.
///
/// Releases publish, acquires learn; a relaxed load learns at the next read or full barrier, a
/// relaxed store publishes what the last write or full barrier allowed. Locks, grace periods and
/// the program order of a CPU are handled by the conductor with the same clocks. This is the
/// happens-before of C11 with the kernel's names; what it misses of the kernel's model
/// (dependencies, propagation) is listed in `Documentation/Limits.md`.
struct Synchronisation {
  /// Two accesses that nothing orders.
  struct Race {
    /// The thread of the earlier access.
    var other: Int
    /// That thread's step.
    var step: Int32
  }

  private struct Place {
    /// What an acquire load of the current value learns.
    var released = VectorClock.zero
    // The last step of each thread that did this, not the knowledge of the thread.
    var plainReads = VectorClock.zero
    var plainWrites = VectorClock.zero
    var markedReads = VectorClock.zero
    var markedWrites = VectorClock.zero
  }

  private struct ObjectPlace {
    /// The last step of each thread that used the object.
    var uses = VectorClock.zero
    var freedBy = -1
    var freedAt: Int32 = 0
  }

  private var places: [Place] = []
  private var objects: [ObjectPlace] = []
  /// By address of the lock: what its last holder knew.
  private var locks: [UInt: VectorClock] = [:]
  /// What is known on each CPU: its program order.
  private var cpus = [VectorClock](repeating: .zero, count: Limits.cpuCountMax)
  /// What readers that begin now may rely on: the beginnings of all grace periods.
  private var graceBegan = VectorClock.zero

  mutating func reset() {
    places.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
    locks.removeAll(keepingCapacity: true)
    for cpu in cpus.indices { cpus[cpu] = .zero }
    graceBegan = .zero
  }

  // MARK: - Steps

  /// The thread steps: it knows what its CPU knows.
  mutating func beginStep(of thread: VirtualThread) {
    if thread.cpu < Limits.cpuCountMax { thread.sync.join(cpus[thread.cpu]) }
    thread.sync[thread.index] = thread.steps
  }

  /// The step is over: its CPU knows what it knows.
  mutating func endStep(of thread: VirtualThread) {
    if thread.cpu < Limits.cpuCountMax { cpus[thread.cpu].join(thread.sync) }
  }

  // MARK: - Accesses

  /// Notes an access and reports a race with an earlier one.
  ///
  /// - Parameter didWrite: False for a compare-and-exchange that failed, which orders nothing.
  mutating func access(
    _ access: Access, at location: Int32, by thread: VirtualThread, didWrite: Bool
  ) -> Race? {
    while places.count <= Int(location) { places.append(Place()) }
    let index = Int(location)
    let isPlain = access.mark == .plain
    let race = findRace(places[index], isPlain: isPlain, writes: didWrite, thread.sync)
    note(&places[index], isPlain: isPlain, access, didWrite: didWrite, thread)
    if !isPlain { order(&places[index], access, didWrite: didWrite, thread) }
    return race
  }

  private func findRace(
    _ place: Place, isPlain: Bool, writes: Bool, _ known: VectorClock
  ) -> Race? {
    var rivals = place.plainWrites
    if isPlain { rivals.join(place.markedWrites) }
    if writes { rivals.join(place.plainReads) }
    if writes, isPlain { rivals.join(place.markedReads) }
    if known.covers(rivals) { return nil }
    return known.firstUncovered(by: rivals).map { Race(other: $0, step: rivals[$0]) }
  }

  private func note(
    _ place: inout Place, isPlain: Bool, _ access: Access, didWrite: Bool, _ thread: VirtualThread
  ) {
    let (index, step) = (thread.index, thread.steps)
    if access.reads {
      if isPlain { place.plainReads[index] = step } else { place.markedReads[index] = step }
    }
    if didWrite {
      if isPlain { place.plainWrites[index] = step } else { place.markedWrites[index] = step }
    }
  }

  private func order(
    _ place: inout Place, _ access: Access, didWrite: Bool, _ thread: VirtualThread
  ) {
    let failed = access.kind == .compareExchange && !didWrite
    let isFull = access.isFull && !failed
    if isFull { fullBarrier(thread) }
    if access.reads {
      // One that failed is a relaxed load.
      if access.loadOrdering != .relaxed, !failed {
        thread.sync.join(place.released)
      } else {
        thread.seenByRelaxedLoads.join(place.released)
      }
    }
    defer { if isFull { fullBarrier(thread) } }
    guard didWrite else { return }
    let published =
      access.storeOrdering != .relaxed ? thread.sync : thread.publishedByBarrier
    // An update continues the release sequence that it reads from; a store begins a new one.
    if access.reads { place.released.join(published) } else { place.released = published }
  }

  /// Notes a use of an object.
  ///
  /// - Returns: The free that came first, if there was one.
  mutating func use(_ object: Int32, by thread: VirtualThread) -> Race? {
    while objects.count <= Int(object) { objects.append(ObjectPlace()) }
    objects[Int(object)].uses[thread.index] = thread.steps
    let place = objects[Int(object)]
    return place.freedBy >= 0 ? Race(other: place.freedBy, step: place.freedAt) : nil
  }

  /// Notes the end of an object.
  ///
  /// - Returns: A use that nothing orders before it.
  mutating func free(_ object: Int32, by thread: VirtualThread) -> Race? {
    while objects.count <= Int(object) { objects.append(ObjectPlace()) }
    let place = objects[Int(object)]
    objects[Int(object)].freedBy = thread.index
    objects[Int(object)].freedAt = thread.steps
    guard let other = thread.sync.firstUncovered(by: place.uses) else { return nil }
    return Race(other: other, step: place.uses[other])
  }

  // MARK: - Barriers, locks, grace periods

  mutating func barrier(_ kind: BarrierKind, by thread: VirtualThread) {
    switch kind {
    case .compiler: break
    case .read, .afterControl: thread.sync.join(thread.seenByRelaxedLoads)
    case .write: thread.publishedByBarrier = thread.sync
    case .full, .beforeAtomic, .afterAtomic, .afterSpinlock, .afterUnlockLock: fullBarrier(thread)
    }
  }

  private func fullBarrier(_ thread: VirtualThread) {
    thread.sync.join(thread.seenByRelaxedLoads)
    thread.publishedByBarrier = thread.sync
  }

  mutating func acquired(_ lock: UInt, by thread: VirtualThread) {
    if let known = locks[lock] { thread.sync.join(known) }
  }

  mutating func released(_ lock: UInt, by thread: VirtualThread) { locks[lock] = thread.sync }

  mutating func readerBegins(_ thread: VirtualThread) { thread.sync.join(graceBegan) }

  mutating func graceBegins(_ thread: VirtualThread) { graceBegan.join(thread.sync) }

  /// A condition came true: the thread learns what the store behind it published.
  mutating func observed(_ condition: Condition, at location: Int32, by thread: VirtualThread) {
    guard Int(location) < places.count else { return }
    places[Int(location)].markedReads[thread.index] = thread.steps
    if condition.ordering == .full { fullBarrier(thread) }
    if condition.ordering != .relaxed {
      thread.sync.join(places[Int(location)].released)
    } else {
      thread.seenByRelaxedLoads.join(places[Int(location)].released)
    }
    if condition.ordering == .full { fullBarrier(thread) }
  }
}
