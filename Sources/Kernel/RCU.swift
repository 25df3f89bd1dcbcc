public import Machine

/// Read-copy-update: readers that never wait, and writers that wait until no reader can still see
/// what they took away.
///
/// A *grace period* is a stretch of time in which every read section that was open at its start
/// has ended. In the modelled machine a region with interrupts or preemption off is a read section
/// too, hence every held spinlock. The native body counts only ``readLock()`` sections, so native
/// code that frees through RCU must hold a reference while it signals.
public enum RCU {
  // MARK: - Readers

  /// Opens a read section on this task (`rcu_read_lock`).
  ///
  /// Sections nest.
  ///
  /// - Ordering: What was taken away before a grace period that this section does not delay is not
  ///   seen inside it.
  /// - Progress: Never blocks. Nothing may sleep before the section ends.
  @inlinable @inline(__always)
  public static func readLock() {
    if Conductor.performSummary(.enter(.rcuRead)) != nil { return }
    NativeRCU.readLock()
  }

  /// Closes the read section (`rcu_read_unlock`).
  @inlinable @inline(__always)
  public static func readUnlock() {
    if Conductor.performSummary(.exit(.rcuRead)) != nil { return }
    NativeRCU.readUnlock()
  }

  /// Runs `body` in a read section.
  @inlinable @inline(__always)
  public static func withReadLock<Result>(_ body: () -> Result) -> Result {
    readLock()
    defer { readUnlock() }
    return body()
  }

  /// Reads a pointer that writers replace (`rcu_dereference`).
  ///
  /// What the pointer leads to was complete when it was published: the address dependency orders
  /// the accesses that follow, as long as they go through the returned handle.
  @inlinable @inline(__always)
  public static func dereference<Reference: MachineReference>(
    _ word: borrowing Word<Reference?>
  ) -> Reference? {
    // dependency[rcu.publish] ← release in RCU.assign(_:to:). What it leads to is complete.
    return word.load(.dependency, edge: "rcu.publish")
  }

  /// Lets native readers use barriers of their own from now on, as where the system has no
  /// `membarrier`; for tests and measurements.
  ///
  /// - Parameter waitersToo: Whether waiters do without `membarrier`, too; only before the first
  ///   read section.
  package static func makeReadersUseBarriers(waitersToo: Bool = false) {
    NativeRCU.makeReadersUseBarriers(waitersToo: waitersToo)
  }

  // MARK: - Writers

  /// Publishes a record that is complete (`rcu_assign_pointer`).
  @inlinable @inline(__always)
  public static func assign<Reference: MachineReference>(
    _ reference: Reference?, to word: borrowing Word<Reference?>
  ) {
    // release[rcu.publish] → dependency in RCU.dereference(_:). Readers see it complete.
    word.store(reference, .release, edge: "rcu.publish")
  }

  /// Waits until every read section that is open now has ended (`synchronize_rcu`).
  ///
  /// - Precondition: The caller is in no read section, and may sleep.
  public static func synchronize() {
    if Conductor.performSummary(.gracePeriod) != nil { return }
    NativeRCU.synchronize()
  }

  /// Runs `body` after a grace period, on another thread (`call_rcu`).
  ///
  /// - Progress: Never blocks, so it may be called with interrupts off.
  public static func call(_ body: @escaping @Sendable () -> Void) {
    if Conductor.perform(.afterGracePeriod(body: body)) != nil { return }
    NativeQueue.reclaimer.add(body)
  }

  /// Frees an object after a grace period (`kfree_rcu`).
  ///
  /// - Progress: Never blocks, so it may be called with interrupts off.
  public static func free<Record: ~Copyable>(_ object: Object<Record>) {
    if Conductor.perform(.retire(address: object.machineAddress)) != nil { return }
    NativeQueue.reclaimer.add { Machine.freeNatively(object) }
  }

  /// Waits until everything handed to ``call(_:)`` and ``free(_:)`` so far is done (`rcu_barrier`).
  public static func barrier() {
    if Conductor.perform(.graceBarrier) != nil { return }
    NativeQueue.reclaimer.drain()
  }
}
