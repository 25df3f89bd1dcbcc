internal import Kernel
internal import Machine

extension Fence {
  /// Tells the driver by when somebody would like the fence signaled (`dma_fence_set_deadline`).
  ///
  /// It is a hint and promises nothing. The fence may be signaled between the test and the call,
  /// so a driver must cope with a deadline for a fence that is over.
  ///
  /// - Parameter deadline: On the machine's clock, in nanoseconds; a moment that is past means now.
  public func setDeadline(_ deadline: UInt64) {
    RCU.withReadLock {
      guard let table = RCU.dereference(storage.record.operations), table.record.has(.deadline),
        !isSignaled()
      else { return }
      table.record.setDeadline(self, deadline)
    }
  }
}
