internal import Machine

/// RCU on real threads: two counters of open read sections, and a phase that says which one new
/// readers use.
///
/// Safety. A section adds itself to one counter, with a full barrier, before it reads anything.
/// `synchronize` puts a full barrier after what the caller took away, and then sees each counter
/// at zero once. For each section and its counter there are two cases. Either the counter's zero
/// comes before the section's increment: then the two full barriers forbid that the section misses
/// what was taken away, and nobody needs to wait for it. Or the increment comes first: then zero
/// was seen after the section's decrement, whose release and the waiter's acquire put everything
/// the section did before whatever follows `synchronize`. The phase plays no part in this; a
/// reader that chose its counter long ago is covered because both counters are awaited.
///
/// Progress. Each counter is awaited only while new readers use the other one, so a stream of
/// readers cannot keep it above zero for ever.
///
/// Every step is a machine word's, so the explorer can run the whole of it.
@usableFromInline
enum NativeRCU {
  struct State: ~Copyable {
    /// Open read sections, by the phase in which they began.
    let even = Word<UInt32>(0)
    let odd = Word<UInt32>(0)
    /// The counter for new readers: 0 even, 1 odd.
    ///
    /// Written by the holder of `gate` only.
    let phase = Word<UInt32>(0)
    /// 0 open, 1 taken: one grace period at a time.
    let gate = Word<UInt32>(0)
  }

  /// Conducted runs have a state of their own: their waiters must not wait for native readers.
  static var state: Object<State> { Conductor.current == nil ? native : virtual }
  private static let native = Machine.permanent(alignment: 64, State())
  private static let virtual = Machine.permanent(alignment: 64, State())

  @usableFromInline
  static func readLock() {
    let task = KernelTask.current.storage
    let depth = task.record.readSections.value
    task.record.readSections.value = depth + 1
    guard depth == 0 else { return }
    // relaxed: a stale phase costs the waiter time and nothing else.
    let phase = state.record.phase.load(.relaxed)
    task.record.readPhase.value = phase
    // full[rcu.enter] → full in NativeRCU.synchronize(). Either the waiter sees this section, or
    // this section sees what the waiter took away; forbids that both miss the other.
    if phase == 0 {
      _ = state.record.even.fetchAdd(1, .full, edge: "rcu.enter")
    } else {
      // full[rcu.enter] → full in NativeRCU.synchronize(). As above.
      _ = state.record.odd.fetchAdd(1, .full, edge: "rcu.enter")
    }
  }

  @usableFromInline
  static func readUnlock() {
    let task = KernelTask.current.storage
    let depth = task.record.readSections.value
    precondition(depth > 0, "a read section is closed that was never opened")
    task.record.readSections.value = depth - 1
    guard depth == 1 else { return }
    if task.record.readPhase.value == 0 {
      // release[rcu.exit] → acquire in NativeRCU.synchronize(). The section's reads come first.
      _ = state.record.even.fetchSubtract(1, .release, edge: "rcu.exit")
    } else {
      // release[rcu.exit] → acquire in NativeRCU.synchronize(). The section's reads come first.
      _ = state.record.odd.fetchSubtract(1, .release, edge: "rcu.exit")
    }
  }

  static func synchronize() {
    precondition(
      KernelTask.current.storage.record.readSections.value == 0,
      "a read section that waits for itself would never end")
    // full[rcu.enter] → full in NativeRCU.readLock(). What the caller took away comes before the
    // counters are read.
    Machine.barrier(.full, edge: "rcu.enter")
    enterGate()
    for _ in 0..<2 {
      // relaxed: only the holder of the gate writes it, and the gate orders holders.
      let old = state.record.phase.load(.relaxed)
      // relaxed: see readLock(); which counter a reader takes decides nothing.
      state.record.phase.store(1 - old, .relaxed)
      if old == 0 {
        // acquire[rcu.exit] → release in NativeRCU.readUnlock(). The sections are over.
        Machine.spin(until: state.record.even.equals(0, .acquire, edge: "rcu.exit"))
      } else {
        // acquire[rcu.exit] → release in NativeRCU.readUnlock(). The sections are over.
        Machine.spin(until: state.record.odd.equals(0, .acquire, edge: "rcu.exit"))
      }
    }
    leaveGate()
    // full[rcu.enter] → full in NativeRCU.readLock(). Nothing the caller does next comes before.
    Machine.barrier(.full, edge: "rcu.enter")
  }

  private static func enterGate() {
    // acquire[rcu.gate] → release in NativeRCU.leaveGate(). Sees the phase of the last holder.
    while state.record.gate.exchange(1, .acquire, edge: "rcu.gate") != 0 {
      _ = Machine.park(on: state.record.gate, while: 1)
    }
  }

  private static func leaveGate() {
    // release[rcu.gate] → acquire in NativeRCU.enterGate(). Publishes the phase.
    state.record.gate.store(0, .release, edge: "rcu.gate")
    Machine.wake(state.record.gate, count: 1)
  }
}
