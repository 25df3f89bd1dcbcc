internal import Kernel
public import Machine

/// A promise that some work will be over, shared between drivers: the kernel's `struct dma_fence`.
///
/// It is signaled once, in finite time, and stays signaled. The handle is trivial, and copying it
/// counts nothing: lifetime is explicit (``get()``, ``put()``), because lifetime is the subject.
///
/// Ordering guarantees. *Written before signaling* means written by the signaler, or visible to
/// it, before it signals.
/// - A callback sees what was written before signaling, because the signaler runs it.
/// - Whoever holds the fence's lock, or has waited for the fence, and finds it signaled, sees what
///   was written before signaling and what the callbacks wrote.
/// - Whoever learns it from ``isSignaled()`` or ``signaledFlag`` under upstream's policy is
///   promised nothing else: the callbacks may still run.
@frozen public struct Fence: MachineReference, Hashable {
  @usableFromInline let storage: Object<FenceStorage>

  /// The fence that lives here.
  @inlinable @inline(__always)
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The fence inside a driver's record, or one that stands alone.
  @inlinable @inline(__always)
  public init(_ storage: Object<FenceStorage>) { self.storage = storage }

  /// Where the fence lives.
  @inlinable @inline(__always) public var machineAddress: UInt { storage.machineAddress }

  /// Whether both name one fence.
  @inlinable public static func == (one: Fence, other: Fence) -> Bool {
    one.machineAddress == other.machineAddress
  }

  /// Feeds the address.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(machineAddress) }

  // MARK: - What never changes

  /// The timeline that the fence belongs to.
  @inlinable public var context: UInt64 { storage.record.context.value }

  /// The fence's place on its timeline.
  @inlinable public var seqno: UInt64 { storage.record.seqno.value }

  /// Whether sequence numbers of this fence are 64 bits wide and do not wrap.
  @inlinable public var hasWideSeqno: Bool {
    // relaxed: set before publication, never changed.
    storage.record.flags.test(.seqno64, .relaxed)
  }
}
