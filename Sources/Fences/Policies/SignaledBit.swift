internal import Kernel
public import Machine

/// How `isSignaled` reads the signaled bit.
@frozen public enum SignaledBitPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: without the lock. True says that the bit is set, and no more.
  case lockless
  /// With the fence's lock. True says that all callbacks have run as well.
  case underTheLock
}

extension Fence {
  // snippet: lockless
  /// True as soon as the bit is set.
  ///
  /// The callbacks may still be running.
  @inlinable @inline(__always)
  func isSignaledLockless() -> Bool {
    // relaxed: upstream's choice; true orders nothing, waits for nobody.
    if storage.record.flags.test(.signaled, .relaxed) { return true }
    return askDriver()
  }
  // end snippet

  // snippet: under-the-lock
  /// True once the callbacks have run: they run under this lock.
  @usableFromInline
  func isSignaledUnderTheLock() -> Bool {
    lockIRQSave()
    defer { unlockIRQRestore() }
    return isSignaledHoldingLock()
  }
  // end snippet

  /// The bit alone, lockless: upstream's `dma_fence_test_signaled_flag`.
  @inlinable @inline(__always)
  func flagLockless() -> Bool {
    // relaxed: upstream orders nothing here; true says no more than that the bit is set.
    storage.record.flags.test(.signaled, .relaxed)
  }

  /// The bit alone, with the lock: true says that the callbacks have run.
  @usableFromInline
  func flagUnderTheLock() -> Bool {
    lockIRQSave()
    defer { unlockIRQRestore() }
    // relaxed: the lock orders.
    return storage.record.flags.test(.signaled, .relaxed)
  }
}
