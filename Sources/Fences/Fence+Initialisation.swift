public import Kernel
public import Machine

extension Fence {
  /// A fence that stands alone, in memory of its own, with one reference (`dma_fence_init`).
  ///
  /// Its memory is freed a grace period after the last ``put()``.
  ///
  /// - Parameters:
  ///   - operations: The driver's table.
  ///   - lock: A lock that outlives the last reference, shared with other fences; nil for a lock
  ///     of the fence's own, which is what new drivers must use.
  ///   - context: The timeline; see ``FenceContext``.
  ///   - seqno: The place on it. The work of one context is over in this order.
  public static func make(
    operations: Object<FenceOperations>, lock: Object<SpinLock>? = nil, context: UInt64,
    seqno: UInt64
  ) -> Fence {
    let fence = Fence(Machine.allocate(alignment: 64, FenceStorage()))
    fence.initialise(operations: operations, lock: lock, context: context, seqno: seqno)
    return fence
  }

  /// Makes a fence of memory that nobody else can see yet (`dma_fence_init`).
  @inlinable
  public func initialise(
    operations: Object<FenceOperations>, lock: Object<SpinLock>? = nil, context: UInt64,
    seqno: UInt64
  ) {
    initialise(operations, lock, context, seqno, flags: 0)
  }

  /// Like ``initialise(operations:lock:context:seqno:)`` with sequence numbers that do not wrap
  /// (`dma_fence_init64`).
  public func initialiseWide(
    operations: Object<FenceOperations>, lock: Object<SpinLock>? = nil, context: UInt64,
    seqno: UInt64
  ) {
    initialise(operations, lock, context, seqno, flags: 1 << FenceFlag.seqno64.bitNumber)
  }

  /// Whether the fence was ever initialised; memory must have been zeroed
  /// (`dma_fence_was_initialized`).
  public var wasInitialised: Bool {
    // relaxed: asked by whoever would initialise it.
    storage.record.flags.test(.initialised, .relaxed)
  }

  @inlinable
  func initialise(
    _ operations: Object<FenceOperations>, _ lock: Object<SpinLock>?, _ context: UInt64,
    _ seqno: UInt64, flags: UInt64
  ) {
    let record = storage
    record.record.references.initialise()
    // relaxed: nobody else can see the fence yet; what publishes the fence publishes this.
    record.record.operations.store(operations, .relaxed)
    pinModule(of: operations)
    record.record.callbacks.initialise()
    record.record.context.value = context
    record.record.seqno.value = seqno
    record.record.error.value = 0
    let placement = placeLock(lock)
    record.record.flags.initialise(
      flags | placement | 1 << FenceFlag.initialised.bitNumber)
  }
}
