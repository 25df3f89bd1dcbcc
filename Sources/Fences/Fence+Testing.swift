internal import Kernel
public import Machine

extension Fence {
  /// Whether the fence is signaled; asks the driver if it is not, and signals if the driver says
  /// that the work is over (`dma_fence_is_signaled`).
  ///
  /// So a question can run every callback, here and now. It never enables signaling.
  ///
  /// - Ordering: As the policy says; upstream's lockless test promises nothing, see
  ///   ``SignaledBitPolicy``.
  /// - Progress: Lockless where the bit is set, under upstream's policy.
  @inlinable @inline(__always)
  public func isSignaled() -> Bool {
    switch FencePolicy.current.signaledBit {
    case .lockless: isSignaledLockless()
    case let design: isSignaled(by: design)
    }
  }

  /// Like ``isSignaled()`` with the lock held by the caller (`dma_fence_is_signaled_locked`).
  public func isSignaledLocked() -> Bool {
    assertHeld()
    return isSignaledHoldingLock()
  }

  /// Whether the bit is set, without asking anybody (`dma_fence_test_signaled_flag`).
  @inlinable @inline(__always)
  public func testSignaledFlag() -> Bool {
    switch FencePolicy.current.signaledBit {
    case .lockless: flagLockless()
    case let design: flag(by: design)
    }
  }

  /// The condition that the bit is set, for `spin(until:)`.
  public var signaledFlag: Condition {
    if FencePolicy.current.signaledBit == .afterCallbacks {
      // acquire[fence.bit-last] ← release in Fence.signalBitLast(at:). As isSignaled() has it.
      return storage.record.flags.isSet(.signaled, .acquire, edge: "fence.bit-last")
    }
    // relaxed: the bit alone, as dma_fence_test_signaled_flag reads it.
    return storage.record.flags.isSet(.signaled, .relaxed)
  }

  /// Asks the driver whether the work is over, and signals if so.
  @usableFromInline @inline(never)
  func askDriver() -> Bool {
    guard driverSaysDone() else { return false }
    signal()
    return true
  }

  @usableFromInline
  func isSignaledHoldingLock() -> Bool {
    // relaxed: the lock orders.
    if storage.record.flags.test(.signaled, .relaxed) { return true }
    guard driverSaysDone() else { return false }
    _ = signalHoldingLock(at: Machine.clock())
    return true
  }

  func driverSaysDone() -> Bool {
    RCU.withReadLock {
      guard let table = RCU.dereference(storage.record.operations), table.record.has(.isSignaled)
      else { return false }
      return table.record.isSignaled(self)
    }
  }

  /// The bit alone, for whoever holds the lock; the same under every design.
  ///
  /// A driver that shares one lock among its fences must not ask ``testSignaledFlag()`` inside it:
  /// under the design with the lock around every question it would wait for itself.
  @inlinable @inline(__always)
  public func testSignaledFlagLocked() -> Bool {
    // relaxed: the lock orders.
    storage.record.flags.test(.signaled, .relaxed)
  }
}
