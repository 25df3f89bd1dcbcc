public import Kernel
public import Machine

extension Fence {
  /// When the fence was signaled, on the machine's clock (`dma_fence_timestamp`).
  ///
  /// The bit `signaled` is set a few instructions before the timestamp is there, so this spins.
  /// Warns and answers with the current time where the fence is not signaled.
  ///
  /// - Ordering: Upstream's: none between the timestamp's bit and the timestamp.
  /// - Progress: The spin is bounded by the signaler's critical section.
  public func timestamp() -> UInt64 {
    // relaxed: upstream orders nothing here.
    guard storage.record.flags.test(.signaled, .relaxed) else {
      Kernel.warn("the timestamp of an unsignaled fence was asked for")
      return Machine.clock()
    }
    // relaxed: upstream's test_bit orders nothing before the read of the timestamp below.
    Machine.spin(until: storage.record.flags.isSet(.timestamp, .relaxed))
    return timestampPlace.record.value
  }

  /// The first half of the callback list, once the list is over.
  @inlinable @inline(__always)
  var timestampPlace: Object<Cell<UInt64>> {
    Object(machineAddress: storage.record.callbacks.address)
  }
}
