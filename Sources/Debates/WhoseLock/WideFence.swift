internal import Fences
internal import Kernel
internal import Machine

/// A fence with a lock beside the pointer to one, as it was posted in 2022: a core of its own,
/// because its layout is another.
///
/// It has what the workload needs, and no more: a lock, a flag and references.
struct WideFence: Sendable {
  private let storage: Object<WideFenceStorage>

  static func make(lock: Object<SpinLock>? = nil) -> WideFence {
    let storage = Machine.allocate(alignment: 64, WideFenceStorage())
    storage.record.externalLock.value = lock
    return WideFence(storage: storage)
  }

  /// The pointer says nothing but itself here: the inline lock has bytes of its own.
  private var lock: Object<SpinLock> {
    storage.record.externalLock.value ?? WideFenceStorage.inlineLock.field(of: storage)
  }

  func signal() {
    lock.record.withLockIRQSave {
      // relaxed: the lock orders.
      storage.record.isSignaled.store(true, .relaxed)
    }
  }

  func status() -> Bool {
    lock.record.withLockIRQSave {
      // relaxed: the lock orders.
      storage.record.isSignaled.load(.relaxed)
    }
  }

  @discardableResult func get() -> WideFence {
    storage.record.references.get()
    return self
  }

  func put() {
    if storage.record.references.put() { RCU.free(storage) }
  }
}

/// The kernel's fields in their order, and the lock behind them.
struct WideFenceStorage: ~Copyable {
  let externalLock = Cell<Object<SpinLock>?>(nil)
  let operations = Word<Object<FenceOperations>?>(nil)
  let callbacks = ListHead()
  let context = Cell<UInt64>(0)
  let seqno = Cell<UInt64>(0)
  // In place of the flag word.
  let isSignaled = Word<Bool>(false)
  let unusedFlags = Cell<UInt32>(0)
  let references = ReferenceCount(1)
  let error = Cell<Int32>(0)
  let inlineLock = SpinLock()

  static let inlineLock = FieldOffset<WideFenceStorage, SpinLock> { $0.inlineLock.address }
}
