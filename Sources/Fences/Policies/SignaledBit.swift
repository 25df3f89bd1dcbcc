internal import Kernel
public import Machine

/// How `isSignaled` reads the signaled bit, and when signaling sets it.
@frozen public enum SignaledBitPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: without the lock. True says that the bit is set, and no more.
  case lockless
  /// With the fence's lock. True says that all callbacks have run as well.
  case underTheLock
  /// Without the lock where the bit is set, with it where the driver must be asked: so the driver
  /// is never called late, and true still says no more than that the bit is set.
  case lockUnlessSignaled
  /// The bit is set after the callbacks, with a release; our reconstruction.
  case afterCallbacks
  /// Without the lock, then the lock is taken and given back, as the Rust binding does.
  case locklessThenLock
  /// Whoever runs callbacks or asks the driver posts the fence as its hazard; whoever is told yes,
  /// and whoever has signaled, waits until nobody has it; our reconstruction.
  case hazardPointer
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

  /// The fence's whole answer under a design that is not upstream's.
  @usableFromInline @inline(never)
  func isSignaled(by design: SignaledBitPolicy) -> Bool {
    switch design {
    case .lockless: isSignaledLockless()
    case .underTheLock: isSignaledUnderTheLock()
    case .lockUnlessSignaled: flagLockless() || isSignaledUnderTheLock()
    case .afterCallbacks: flagAfterCallbacks() || askDriver()
    case .locklessThenLock: isSignaledLockless() && waitForLockHolder()
    case .hazardPointer: flagAfterHazard() || askDriverUnderHazard()
    }
  }

  /// The bit alone under a design that is not upstream's.
  @usableFromInline @inline(never)
  func flag(by design: SignaledBitPolicy) -> Bool {
    switch design {
    case .lockless, .lockUnlessSignaled: flagLockless()
    case .underTheLock: flagUnderTheLock()
    case .afterCallbacks: flagAfterCallbacks()
    case .locklessThenLock: flagLockless() && waitForLockHolder()
    case .hazardPointer: flagAfterHazard()
    }
  }

  /// Waits until whoever signals has run the callbacks; always true.
  private func waitForLockHolder() -> Bool {
    lockIRQSave()
    unlockIRQRestore()
    return true
  }

  /// The bit of a fence that sets it last.
  private func flagAfterCallbacks() -> Bool {
    // acquire[fence.bit-last] ← release in Fence.signalBitLast(at:). Told yes, the caller sees the
    // fence and its callbacks as the signaler left them.
    storage.record.flags.test(.signaled, .acquire, edge: "fence.bit-last")
  }

  /// The bit, and nobody who still runs the callbacks of this fence.
  private func flagAfterHazard() -> Bool {
    // acquire[fence.signaled] ← full in Fence.signalBitFirst(at:). Told yes, the caller finds the
    // hazard that was posted before the bit was set.
    guard storage.record.flags.test(.signaled, .acquire, edge: "fence.signaled") else {
      return false
    }
    FenceHazard.waitUntilGone(self)
    return true
  }

  /// Asks the driver with the fence posted, so that whoever signals can wait for this thread.
  ///
  /// Interrupts are masked: a handler of this CPU that signals the fence would wait for ever.
  private func askDriverUnderHazard() -> Bool {
    Machine.disableInterrupts()
    let hazard = FenceHazard.post(self)
    // relaxed: ordered behind the full update that posts.
    let isOver = storage.record.flags.test(.signaled, .relaxed) || driverSaysDone()
    hazard.clear()
    Machine.restoreInterrupts()
    if isOver { signal() }
    return isOver
  }
}

// MARK: - The signaler's part

extension Fence {
  /// What signaling waits for when it has given the lock back.
  @inlinable @inline(__always)
  func waitAfterSignaling() {
    if FencePolicy.current.signaledBit == .hazardPointer { waitForHazards() }
  }

  @usableFromInline @inline(never)
  func waitForHazards() { FenceHazard.waitUntilGone(self) }

  /// Signals under a design whose signaler does more than upstream's, or does it in another order.
  @usableFromInline @inline(never)
  func signalHoldingLock(at timestamp: UInt64, by design: SignaledBitPolicy) -> Bool {
    switch design {
    case .afterCallbacks:
      return signalBitLast(at: timestamp)
    case .hazardPointer:
      let hazard = FenceHazard.post(self)
      defer { hazard.clear() }
      return signalBitFirst(at: timestamp)
    case .lockless, .underTheLock, .lockUnlessSignaled, .locklessThenLock:
      return signalBitFirst(at: timestamp)
    }
  }

  /// Runs the callbacks first and sets the bit then; the timestamp's bit claims the signal.
  ///
  /// Upstream's one operation that tests and sets is split in two, and the table is detached behind
  /// the bit, so that an unsignaled fence keeps it.
  private func signalBitLast(at timestamp: UInt64) -> Bool {
    // relaxed: the lock orders; the bit of the timestamp stays to itself until it is given back.
    if storage.record.flags.test(.timestamp, .relaxed) { return true }
    var next = storage.record.callbacks.first
    timestampPlace.record.value = timestamp
    // relaxed: as above; readers without the lock look for the other bit first.
    storage.record.flags.set(.timestamp, .relaxed)
    while let node = next {
      next = storage.record.callbacks.next(after: node)
      runCallback(node)
    }
    // release[fence.bit-last] → acquire in Fence.flagAfterCallbacks(). Whoever sees the bit sees
    // what the callbacks did.
    storage.record.flags.set(.signaled, .release, edge: "fence.bit-last")
    detachOperationsIfAllowed()
    return false
  }
}
