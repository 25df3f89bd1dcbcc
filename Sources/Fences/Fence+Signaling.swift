public import Kernel
public import Machine

extension Fence {
  /// Signals the fence and runs its callbacks (`dma_fence_signal`).
  ///
  /// A second call does nothing. The call is a signaling section; the other forms are not, because
  /// they belong inside one.
  ///
  /// - Ordering: Everything before it is visible to callbacks, to waiters, and to whoever takes
  ///   the fence's lock afterwards. Upstream promises nothing to a lockless reader of the bit.
  /// - Progress: Takes the lock; never sleeps. May be called from an interrupt handler.
  @inlinable
  public func signal() {
    _ = Conductor.perform(.enter(.signaling))
    _ = checkAndSignal()
    _ = Conductor.perform(.exit(.signaling))
  }

  /// Like ``signal()`` with the lock held by the caller (`dma_fence_signal_locked`).
  @inlinable
  public func signalLocked() { _ = checkAndSignalLocked() }

  /// Signals the fence as of an earlier moment (`dma_fence_signal_timestamp`).
  ///
  /// - Parameter timestamp: On the machine's clock, in nanoseconds.
  public func signal(at timestamp: UInt64) {
    lockIRQSave()
    _ = signalHoldingLock(at: timestamp)
    unlockIRQRestore()
    waitAfterSignaling()
  }

  /// Like ``signal(at:)`` with the lock held by the caller (`dma_fence_signal_timestamp_locked`).
  public func signalLocked(at timestamp: UInt64) {
    assertHeld()
    _ = signalHoldingLock(at: timestamp)
  }

  /// Signals the fence and tells whether somebody else had (`dma_fence_check_and_signal`).
  ///
  /// - Returns: true if it was signaled before; false if this call did it.
  @inlinable
  public func checkAndSignal() -> Bool {
    let lock = self.lock
    lock.record.lockIRQSave()
    let wasSignaled = signalHoldingLock(at: Machine.clock())
    lock.record.unlockIRQRestore()
    waitAfterSignaling()
    return wasSignaled
  }

  /// Like ``checkAndSignal()`` with the lock held by the caller
  /// (`dma_fence_check_and_signal_locked`).
  @inlinable
  public func checkAndSignalLocked() -> Bool {
    #if !Bare
      assertHeld()
    #endif
    return signalHoldingLock(at: Machine.clock())
  }

  /// Signals with the lock held, as the design wants it; returns whether it was signaled before.
  @inlinable @inline(__always)
  func signalHoldingLock(at timestamp: UInt64) -> Bool {
    switch FencePolicy.current.signaledBit {
    case .lockless: signalBitFirst(at: timestamp)
    case let design: signalHoldingLock(at: timestamp, by: design)
    }
  }

  // snippet: signal
  /// Signals with the lock held; returns whether it was signaled before.
  @inlinable @inline(__always)
  func signalBitFirst(at timestamp: UInt64) -> Bool {
    // full[fence.signaled] ↔ full in Fence.signalBitFirst(at:). As the
    // kernel's test_and_set_bit is; of two signalers one finds it set.
    let wasSet = storage.record.flags.testAndSet(
      .signaled, .full, edge: "fence.signaled")
    if wasSet { return true }
    detachOperationsIfAllowed()
    // From here on the list's place belongs to the timestamp.
    var next = storage.record.callbacks.first
    timestampPlace.record.value = timestamp
    // relaxed: upstream orders nothing between the timestamp and its bit.
    storage.record.flags.set(.timestamp, .relaxed)
    while let node = next {
      next = storage.record.callbacks.next(after: node)
      runCallback(node)
    }
    return false
  }
  // end snippet

  /// Takes a callback off the list, for good, and runs it.
  @inlinable @inline(__always)
  func runCallback(_ node: Object<ListNode>) {
    let callback = Object<FenceCallback>(machineAddress: node.machineAddress)
    let function = callback.record.function.value
    node.record.initialise()
    Machine.note(.met, .callback, key: node.machineAddress)
    FenceCallback.run(function, self, callback)
  }
}
