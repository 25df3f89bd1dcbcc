internal import Kernel
internal import Machine

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
  @usableFromInline
  func enableSignalingHoldingLock() -> Bool {
    // full[fence.enable] → full in Fence.enableSignalingHoldingLock(). As the kernel's
    // test_and_set_bit is; of two callers one finds it set, so the driver is asked once.
    let wasEnabled = storage.record.flags.testAndSet(
      .signalingEnabled, .full, edge: "fence.enable")
    // relaxed: the lock orders.
    if storage.record.flags.test(.signaled, .relaxed) { return false }
    if wasEnabled { return true }
    return RCU.withReadLock { askDriverToSignal() }
  }

  private func askDriverToSignal() -> Bool {
    guard let table = RCU.dereference(storage.record.operations),
      table.record.has(.enableSignaling)
    else { return true }
    if table.record.enableSignaling(self) { return true }
    _ = signalHoldingLock(at: Machine.clock())
    return false
  }
}
