public import Kernel
public import Machine

/// Where a fence's lock lives.
///
/// It is asked when a fence begins; the null test asks again whenever the lock is needed.
@frozen public enum LockPlacementPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: in the fence, or where an older driver says. A flag bit tells which.
  case inlineOrExternal
  /// In the record of the fence's context, which nobody counts: it lasts as long as its driver
  /// likes.
  case externalUncounted
  /// In the record of the fence's context, which each fence keeps with a reference.
  case externalCounted
  /// In the fence, or where an older driver says; a null pointer tells which.
  case nullTest

  /// Whether a fence of a context borrows the context's lock.
  @inlinable public var isExternal: Bool { self == .externalUncounted || self == .externalCounted }
}

extension Fence {
  /// The fence's lock.
  @inlinable @inline(__always)
  var lock: Object<SpinLock> {
    if FencePolicy.current.lockPlacement == .nullTest { return lockByNullTest }
    // snippet: flag
    // relaxed: set before publication, never changed.
    if storage.record.flags.test(.inlineLock, .relaxed) {
      return inlineLock
    }
    return externalLock
    // end snippet
  }

  /// The lock by a look at the pointer alone.
  ///
  /// Pointer and inline lock share their bytes. The inline lock is all zeroes while it is free;
  /// while somebody holds it, its bytes are those of a pointer.
  @usableFromInline
  var lockByNullTest: Object<SpinLock> {
    // relaxed: the look at the flag only tells the model which of the two lies in these bytes.
    guard storage.record.flags.test(.inlineLock, .relaxed) else { return externalLock }
    Kernel.warn(
      unless: !inlineLock.record.isHeld, "a held inline lock was taken for a pointer to a lock")
    return inlineLock
  }

  @inlinable @inline(__always)
  var inlineLock: Object<SpinLock> { Object(machineAddress: storage.machineAddress) }

  /// Puts the lock where it belongs, in a fence that nobody else can see yet.
  ///
  /// - Returns: The flags that say where.
  @inlinable @inline(__always)
  func placeLock(_ external: Object<SpinLock>?) -> UInt64 {
    if let external {
      storage.record.externalLock.value = external
      return 0
    }
    if FencePolicy.current.lockPlacement.isExternal { return placeLockBeside() }
    inlineLock.record.initialise(class: "fence")
    return 1 << FenceFlag.inlineLock.bitNumber
  }

  @usableFromInline
  var externalLock: Object<SpinLock> {
    guard let lock = storage.record.externalLock.value else {
      preconditionFailure("the fence was never initialised: it has no lock")
    }
    return lock
  }

  // MARK: - Locks of contexts

  /// Borrows the lock of a context, if the design has it there.
  ///
  /// - Returns: The flags that say whether the fence keeps the context.
  func borrowLock(of context: ContextLock) -> (lock: Object<SpinLock>?, flags: UInt64) {
    switch FencePolicy.current.lockPlacement {
    case .inlineOrExternal, .nullTest: (nil, 0)
    case .externalUncounted: (context.lock, 0)
    case .externalCounted: (context.get().lock, 1 << FenceFlag.keepsContext.bitNumber)
    }
  }

  /// A fence of no context brings a lock in a record of its own, as arrays did before 2026.
  @usableFromInline
  func placeLockBeside() -> UInt64 {
    storage.record.externalLock.value = ContextLock.make().lock
    return 1 << FenceFlag.keepsContext.bitNumber
  }

  /// The context whose lock the fence keeps; nil where its lock is its own, or somebody else's.
  var keptContext: ContextLock? {
    guard FencePolicy.current.lockPlacement.isExternal else { return nil }
    // relaxed: set before publication, never changed.
    guard storage.record.flags.test(.keepsContext, .relaxed) else { return nil }
    return ContextLock(around: externalLock)
  }
}
