public import Kernel
public import Machine

/// The 64 bytes of a fence, field by field where the kernel has them.
///
/// A driver embeds it in a record of its own, or gets it alone from
/// ``Fence/make(operations:lock:context:seqno:)``. What is done with it is done through the
/// handle, ``Fence``.
///
/// Invariants. What one moment shows is checked by `invariantViolations`, what two show by
/// `FenceSnapshot`:
/// 1. Unsignaled becomes signaled once, and nothing leads back.
/// 2. A callback that was added is called once or removed, never both.
/// 3. Callbacks run with the lock held.
/// 4. The error does not change once the fence is signaled.
/// 5. The operations are there while the fence is unsignaled.
/// 6. They are detached at most once, and only by signaling.
/// 7. Context, sequence number and the choice of lock never change after initialisation.
/// 8. A fence with callbacks does not lose its last reference.
/// 9. A fence that others know is signaled in finite time.
/// 10. Nothing arms a fence again, also not whoever submits its work a second time.
@frozen public struct FenceStorage: ~Copyable {
  // Written once before publication. With the flag `inlineLock` the first four bytes are the lock
  // itself, otherwise all eight are the address of a lock that outlives the fence.
  @usableFromInline let externalLock: Cell<Object<SpinLock>?>

  // RCU: read inside a read section; goes to nil at most once, when the fence is signaled.
  @usableFromInline let operations: Word<Object<FenceOperations>?>

  // One place for three phases: the callbacks, guarded by the lock, until `signaled` is set; then
  // the timestamp in its first half, written once by the signaler; the deferred free at the end
  // needs no memory here.
  @usableFromInline let callbacks: ListHead

  // Written once before publication:
  @usableFromInline let context: Cell<UInt64>
  @usableFromInline let seqno: Cell<UInt64>

  // Bits by number; see FenceFlag.
  @usableFromInline let flags: FlagWord<FenceFlag>

  @usableFromInline let references: ReferenceCount

  // Owned by the signaler until `signaled` is set; 0 or a negative error number.
  @usableFromInline let error: Cell<Int32>

  /// Zeroed memory, in which a fence is initialised once it has its place.
  @inlinable public init() {
    self.init(flags: 0, references: 0)
  }

  /// Memory with these flags and so many references.
  @inlinable init(flags: UInt64, references count: UInt32) {
    externalLock = Cell(nil)
    operations = Word(nil)
    callbacks = ListHead()
    context = Cell(0)
    seqno = Cell(0)
    self.flags = FlagWord(flags)
    references = ReferenceCount(count)
    error = Cell(0)
  }

  /// Where the fence lives.
  @inlinable @inline(__always) public var address: UInt { externalLock.address }
}
