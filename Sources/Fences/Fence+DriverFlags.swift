internal import Machine

extension Fence {
  /// Sets a bit of the driver's own (`set_bit(DMA_FENCE_FLAG_USER_BITS + n, …)`).
  ///
  /// - Precondition: The fence's lock is held.
  public func setDriverFlag(_ number: UInt64) {
    // relaxed: the lock orders.
    storage.record.flags.set(.user(number), .relaxed)
  }

  /// Whether a bit of the driver's own is set.
  ///
  /// - Precondition: The fence's lock is held.
  public func hasDriverFlag(_ number: UInt64) -> Bool {
    // relaxed: the lock orders.
    storage.record.flags.test(.user(number), .relaxed)
  }
}
