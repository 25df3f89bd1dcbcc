import Fences
import Kernel
import Machine

/// What most drivers keep: a lock that their fences share, and the jobs that have not signaled.
///
/// Embed it, and initialise it in place. The lock belongs to the driver, so the driver's record
/// must outlive the last reference to the last fence: every fence owns a part of it.
struct FenceQueue: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock: oldest first. Each job owns a reference to its fence.
  let pending = ListHead()
  // Guarded by lock:
  let lastSeqno = Cell<UInt32>(0)
  // Written once before publication:
  let context: Cell<UInt64>
  let references = ReferenceCount(1)

  init() { context = Cell(FenceContext.allocate()) }

  /// Finishes what needs the final place.
  borrowing func initialise(class name: StaticString) {
    lock.initialise(class: name)
    pending.initialise()
  }

  /// The lock, as fences are told of it.
  borrowing func lockObject() -> Object<SpinLock> { Object(machineAddress: lock.address) }

  /// A fence for the next seqno, on no list yet, with one reference and a part of the record.
  ///
  /// - Precondition: The lock is held.
  borrowing func makeFence<Owner: ~Copyable>(
    owner: Object<Owner>, operations: Object<FenceOperations>
  ) -> Fence {
    let seqno = lastSeqno.value &+ 1
    lastSeqno.value = seqno
    references.get()
    return DriverJob.make(
      owner: owner, operations: operations, lock: lockObject(), context: context.value,
      seqno: seqno)
  }

  /// Puts a fence at the end of the list, with a reference for the list.
  ///
  /// - Precondition: The lock is held.
  borrowing func append(_ fence: Fence) {
    fence.get()
    pending.append(DriverJob.job(of: fence).record.pending)
  }

  /// Signals and takes off what the device has passed, oldest first.
  ///
  /// - Precondition: The lock is held, and the fences' `release` does not take it.
  borrowing func signal(upTo completed: UInt32) {
    while let node = pending.first {
      let fence = DriverJob.fence(on: node)
      if !fence.isPassed(by: completed) { break }
      node.record.remove()
      fence.signalLocked()
      fence.put()
    }
  }

  /// Signals and takes off everything, with an error: the device will not do it any more.
  ///
  /// - Precondition: The lock is held.
  borrowing func signalAll(_ error: Errno) {
    while let node = pending.first {
      let fence = DriverJob.fence(on: node)
      node.record.remove()
      // Whoever enabled signaling too late signaled the fence without taking it off.
      if !fence.testSignaledFlagLocked() { fence.setError(error) }
      fence.signalLocked()
      fence.put()
    }
  }
}
