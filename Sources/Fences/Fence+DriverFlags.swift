internal import Machine

// Bits of the flag word that belong to the fence's driver. They are the kernel's atomic bit
// operations: none of them needs the lock, and only the last one orders anything.

extension Fence {
  /// Sets a bit of the driver's own (`set_bit(DMA_FENCE_FLAG_USER_BITS + n, …)`).
  ///
  /// - Ordering: None.
  public func setDriverFlag(_ number: UInt64) {
    // relaxed: as the kernel's set_bit; a driver that tells something by the bit holds the lock.
    storage.record.flags.set(.user(number), .relaxed)
  }

  /// Clears a bit of the driver's own (`clear_bit`).
  ///
  /// - Ordering: None.
  public func clearDriverFlag(_ number: UInt64) {
    // relaxed: as the kernel's clear_bit.
    storage.record.flags.clear(.user(number), .relaxed)
  }

  /// Whether a bit of the driver's own is set (`test_bit`).
  ///
  /// - Ordering: None.
  public func hasDriverFlag(_ number: UInt64) -> Bool {
    // relaxed: as the kernel's test_bit.
    storage.record.flags.test(.user(number), .relaxed)
  }

  /// Clears a bit of the driver's own and says whether it was set (`test_and_clear_bit`).
  ///
  /// Of several callers one finds it set, and has to give back what the bit stood for.
  ///
  /// - Ordering: Full. Who finds the bit cleared sees what the one who cleared it wrote before.
  public func testAndClearDriverFlag(_ number: UInt64) -> Bool {
    // full[fence.driver-flag] ↔ full in Fence.testAndClearDriverFlag(_:). As the kernel's
    // test_and_clear_bit is; of two callers one finds it set.
    storage.record.flags.testAndClear(.user(number), .full, edge: "fence.driver-flag")
  }
}
