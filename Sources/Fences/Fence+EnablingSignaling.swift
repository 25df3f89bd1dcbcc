internal import Kernel
public import Machine

extension Fence {
  /// Makes sure that somebody will signal the fence (`dma_fence_enable_signaling`).
  ///
  /// Calls the driver at most once in the life of a fence, never after signaling.
  public func enableSignaling() {
    lockIRQSave()
    _ = enableSignalingHoldingLock()
    unlockIRQRestore()
  }

  /// Enables signaling with the lock held.
  ///
  /// - Returns: false if the fence is signaled, perhaps by this call.
  @inlinable @inline(__always)
  func enableSignalingHoldingLock() -> Bool {
    // full[fence.enable] ↔ full in Fence.enableSignalingHoldingLock(). As the kernel's
    // test_and_set_bit is; of two callers one finds it set, so the driver is asked once.
    let wasEnabled = storage.record.flags.testAndSet(
      .signalingEnabled, .full, edge: "fence.enable")
    // Branching on the old bit first lets the compiler use the processor's bit-set instruction.
    // relaxed: the lock orders.
    if wasEnabled { return !storage.record.flags.test(.signaled, .relaxed) }
    // relaxed: the lock orders.
    if storage.record.flags.test(.signaled, .relaxed) { return false }
    // relaxed: while the lock is held nobody signals, so an unsignaled fence keeps its table.
    guard let table = storage.record.operations.load(.relaxed),
      table.record.has(.enableSignaling)
    else { return true }
    return askDriverToSignal(table)
  }

  /// Calls the driver in a read section, as it may expect; signals if it says that it is over.
  @usableFromInline @inline(never)
  func askDriverToSignal(_ table: Object<FenceOperations>) -> Bool {
    if RCU.withReadLock({ table.record.enableSignaling(self) }) { return true }
    _ = signalHoldingLock(at: Machine.clock())
    return false
  }
}
