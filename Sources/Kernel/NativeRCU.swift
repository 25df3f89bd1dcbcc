public import Machine

/// RCU on real threads: each reader says in a word of its own that it reads, and whoever waits for
/// a grace period puts a full barrier into every CPU (`membarrier`) before looking at those words.
///
/// So a reader needs neither an update nor a barrier: it stores to a word that only it writes. The
/// classic form of this is liburcu's `memb` flavour (Desnoyers et al., 2012). Where the system has
/// no `membarrier`, readers and waiters each use a full barrier of their own.
///
/// Safety. Take one look of the waiter at one reader's word, behind the barrier everywhere that
/// follows what the caller took away. If the look finds no section, then either a section that was
/// open has ended, and its last store was a release that the look acquired; or the next section
/// begins after the look, and the barrier in its CPU forbids that it misses what was taken away:
/// it began before the barrier and then the look would have found it, or after. If the look finds
/// a section of the new phase, then the other of the two looks finds the same section with the old
/// phase, or it began after that look, which found none or waited for another. Either way no
/// section is left that both began before and could still see what was taken away.
///
/// Progress. The waiter waits for a word to change, not for a moment without readers: a section
/// that begins later carries the new phase.
///
/// Every step is a machine word's, so the explorer can run the whole of it.
@usableFromInline
enum NativeRCU {
  /// What all readers share.
  ///
  /// It changes only with a grace period, so that all CPUs can keep a copy.
  @usableFromInline
  struct State: ~Copyable {
    /// What a section begins with: depth 1, the phase, and whether readers need barriers.
    ///
    /// Written by the holder of `gate` only.
    @usableFromInline let entry: Word<UInt32>
    /// The task that became a reader last, as an address; 0 for none.
    let readers = Word<UInt>(0)
    /// 0 open, 1 taken: one grace period at a time.
    let gate = Word<UInt32>(0)
    /// 1 where waiters cannot put a barrier into every CPU; readers then use barriers.
    let isWithoutBarrierEverywhere: Word<UInt32>

    init(hasBarrierEverywhere: Bool) {
      let entry = NativeRCU.oneSection
      self.entry = Word(hasBarrierEverywhere ? entry : entry | NativeRCU.barrierBit)
      isWithoutBarrierEverywhere = Word(hasBarrierEverywhere ? 0 : 1)
    }
  }

  /// Conducted runs have a state of their own: their waiters must not wait for native readers.
  static var state: Object<State> { Conductor.current == nil ? native : virtual }
  static let native = Machine.makeNativeReaders(
    State(hasBarrierEverywhere: Machine.hasBarrierEverywhere))
  static let virtual = Machine.permanent(alignment: 64, State(hasBarrierEverywhere: true))

  /// The depth of a reader's sections, above all other bits: what one too many takes away borrows
  /// from nothing, which the processor notices by itself.
  @usableFromInline static var depthMask: UInt32 { 0xffff_0000 }
  @usableFromInline static var oneSection: UInt32 { 1 << 16 }
  @usableFromInline static var phaseBit: UInt32 { 1 << 0 }
  @usableFromInline static var barrierBit: UInt32 { 1 << 1 }

  // MARK: - Readers

  @inlinable @inline(__always)
  static func readLock() {
    #if !Bare
      if let conductor = Conductor.current { return readLock(virtually: conductor) }
    #endif
    readLock(
      of: Machine.nativeTask(as: KernelTaskStorage.self), Machine.nativeReaders(as: State.self))
  }

  @inlinable @inline(__always)
  static func readLock(of task: Object<KernelTaskStorage>, _ state: Object<State>) {
    // relaxed: only this task writes it.
    let activity = task.record.readActivity.load(.relaxed)
    if !_fastPath(activity & (depthMask | Machine.nobodyMark) == 0) {
      return readLockAgain(task, activity)
    }
    // relaxed: a stale phase costs the waiter time and nothing else.
    let entry = state.record.entry.load(.relaxed)
    // relaxed: to those who look at this word it comes after the release that ended the section
    // before, as a later store to the same word.
    task.record.readActivity.store(entry, .relaxed)
    if _fastPath(entry & barrierBit == 0) {
      // compiler[rcu.enter] ↔ full in NativeRCU.orderEverywhere(). That puts the full barrier here.
      Machine.barrier(.compiler, edge: "rcu.enter")
    } else {
      // full[rcu.enter] ↔ full in NativeRCU.orderEverywhere(). Either the waiter sees this section,
      // or this section sees what the waiter took away; forbids that both miss the other.
      Machine.barrier(.full, edge: "rcu.enter")
    }
  }

  /// Opens a section within another one, or the first one of a thread that has no record yet.
  @inlinable @inline(__always)
  static func readLockAgain(_ task: Object<KernelTaskStorage>, _ activity: UInt32) {
    if activity & Machine.nobodyMark != 0 { return readLockFirst() }
    // relaxed: the outermost section counts.
    task.record.readActivity.store(activity &+ oneSection, .relaxed)
  }

  @usableFromInline @inline(never)
  static func readLockFirst() {
    _ = KernelTask.adopted()
    readLock()
  }

  @usableFromInline @inline(never)
  static func readLock(virtually conductor: Conductor) {
    let task = KernelTask.virtual(conductor).storage
    enlist(task)
    readLock(of: task, virtual)
  }

  @inlinable @inline(__always)
  static func readUnlock() {
    let task = reader
    // relaxed: only this task writes it.
    let activity = task.record.readActivity.load(.relaxed)
    let (rest, isTooMany) = activity.subtractingReportingOverflow(oneSection)
    precondition(!isTooMany, "a read section is closed that was never opened")
    // release[rcu.exit] → acquire in NativeRCU.awaitSections(of:since:). The section's reads come
    // first.
    task.record.readActivity.store(rest, .release, edge: "rcu.exit")
  }

  /// The running task, or the record for nobody.
  @inlinable @inline(__always)
  static var reader: Object<KernelTaskStorage> {
    #if !Bare
      if let conductor = Conductor.current { return KernelTask.virtual(conductor).storage }
    #endif
    return Machine.nativeTask(as: KernelTaskStorage.self)
  }

  /// Puts the task on the list that waiters go through, unless it is there.
  ///
  /// It stays for ever, because task records do.
  @usableFromInline
  static func enlist(_ task: Object<KernelTaskStorage>) {
    guard !task.record.isEnlisted.value else { return }
    task.record.isEnlisted.value = true
    // relaxed: a guess, which the exchange below confirms.
    var seen = state.record.readers.load(.relaxed)
    while true {
      // relaxed: published by the exchange below.
      task.record.nextReader.store(seen, .relaxed)
      // release[rcu.enlist] → acquire in NativeRCU.synchronize(). The list is whole. A waiter that
      // misses this task misses its section, too, for which see readLock().
      let found = state.record.readers.compareExchange(
        seen, with: task.machineAddress, .release, edge: "rcu.enlist")
      if found == seen { return }
      seen = found
    }
  }

  // MARK: - Waiters

  static func synchronize() {
    precondition(
      !KernelTask.current.isInReadSection,
      "a read section that waits for itself would never end")
    enterGate()
    orderEverywhere()
    for _ in 0..<2 {
      // relaxed: only the holder of the gate writes it, and the gate orders holders.
      let entry = state.record.entry.load(.relaxed) ^ phaseBit
      // relaxed: see readLock(); which phase a reader takes decides nothing.
      state.record.entry.store(entry, .relaxed)
      // acquire[rcu.enlist] ← release in NativeRCU.enlist(_:). The list is whole.
      var next = state.record.readers.load(.acquire, edge: "rcu.enlist")
      while next != 0 {
        let task = Object<KernelTaskStorage>(machineAddress: next)
        awaitSections(of: task, since: entry)
        // relaxed: ordered by the acquire above.
        next = task.record.nextReader.load(.relaxed)
      }
    }
    leaveGate()
    // full[rcu.exit] ← release in NativeRCU.readUnlock(). The sections whose ends were seen come
    // before whatever the caller does next.
    Machine.barrier(.full, edge: "rcu.exit")
  }

  /// Waits until the task is in no section, or in one of the new phase.
  private static func awaitSections(of task: Object<KernelTaskStorage>, since entry: UInt32) {
    while true {
      // acquire[rcu.exit] ← release in NativeRCU.readUnlock(). The section is over.
      let activity = task.record.readActivity.load(.acquire, edge: "rcu.exit")
      if activity & depthMask == 0 || (activity ^ entry) & phaseBit == 0 { return }
      // relaxed: the load above looks again.
      Machine.spin(until: task.record.readActivity.differs(from: activity, .relaxed))
    }
  }

  /// What the caller took away comes before the looks at the readers, in every CPU.
  private static func orderEverywhere() {
    // relaxed: it was decided before any thread could take anything away.
    if state.record.isWithoutBarrierEverywhere.load(.relaxed) == 0 {
      // full[rcu.enter] ↔ compiler in NativeRCU.readLock(). A full barrier in every reader.
      let isDone = Machine.barrierEverywhere(edge: "rcu.enter")
      precondition(isDone, "the system offered a barrier in every CPU and has none any more")
    } else {
      // full[rcu.enter] ↔ full in NativeRCU.readLock(). As said there.
      Machine.barrier(.full, edge: "rcu.enter")
    }
  }

  private static func enterGate() {
    // acquire[rcu.gate] ← release in NativeRCU.leaveGate(). Sees the phase of the last holder.
    while state.record.gate.exchange(1, .acquire, edge: "rcu.gate") != 0 {
      _ = Machine.park(on: state.record.gate, while: 1)
    }
  }

  private static func leaveGate() {
    // release[rcu.gate] → acquire in NativeRCU.enterGate(). Publishes the phase.
    state.record.gate.store(0, .release, edge: "rcu.gate")
    Machine.wake(state.record.gate, count: 1)
  }

  /// Lets readers use barriers of their own from now on, as where there is no `membarrier`.
  ///
  /// - Parameter waitersToo: Whether waiters do without `membarrier`, too. Sections that began
  ///   before are not covered then, so nobody may have read yet.
  static func makeReadersUseBarriers(waitersToo: Bool) {
    enterGate()
    // relaxed: as for the phase.
    let entry = state.record.entry.load(.relaxed)
    // relaxed: as for the phase.
    state.record.entry.store(entry | barrierBit, .relaxed)
    // relaxed: nobody reads or waits yet.
    if waitersToo { state.record.isWithoutBarrierEverywhere.store(1, .relaxed) }
    leaveGate()
  }
}
