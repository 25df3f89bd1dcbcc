public import Kernel
public import Machine

/// What the fences of one line of work share where the lock is the context's: the lock, and how
/// many keep it.
///
/// A driver makes one, makes its fences of it, and closes it when it has signaled them. Whether the
/// fences use it, and whether they keep it, is a policy point: ``LockPlacementPolicy``. Under
/// upstream's policy each fence has a lock of its own and leaves this one alone.
public struct ContextLock: MachineReference {
  let storage: Object<ContextLockStorage>

  /// The record that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The record around a lock.
  init(around lock: Object<SpinLock>) { storage = ContextLockStorage.lock.record(around: lock) }

  /// Where the record lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// A context that its maker keeps.
  public static func make() -> ContextLock {
    let context = ContextLock(machineAddress: Machine.allocate(ContextLockStorage()).machineAddress)
    context.lock.record.initialise(class: "context")
    return context
  }

  /// What one context needs in memory.
  public static var byteCount: Int { MemoryLayout<ContextLockStorage>.stride }

  /// What a driver does when its fences are signaled and it needs the context no more.
  ///
  /// The record goes with the last fence that keeps it; at once where none does.
  public func close() { put() }

  /// The lock of the context.
  public var lock: Object<SpinLock> { ContextLockStorage.lock.field(of: storage) }

  @discardableResult func get() -> ContextLock {
    storage.record.owners.get()
    return self
  }

  func put() {
    if storage.record.owners.put() { Machine.free(storage) }
  }
}

struct ContextLockStorage: ~Copyable {
  let lock = SpinLock()
  let owners = ReferenceCount(1)

  static let lock = FieldOffset<ContextLockStorage, SpinLock> { $0.lock.address }
}

extension Fence {
  /// A fence that stands alone, of a driver whose fences can share the lock of their context.
  ///
  /// - Parameters:
  ///   - operations: The driver's table.
  ///   - contextLock: Not closed yet.
  ///   - context: The timeline; see ``FenceContext``.
  ///   - seqno: The place on it.
  public static func make(
    operations: Object<FenceOperations>, of contextLock: ContextLock, context: UInt64,
    seqno: UInt64
  ) -> Fence {
    let fence = Fence(Machine.allocate(alignment: 64, FenceStorage()))
    let (lock, flags) = fence.borrowLock(of: contextLock)
    fence.initialise(operations, lock, context, seqno, flags: flags)
    return fence
  }
}
