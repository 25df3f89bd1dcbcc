public import Kernel
public import Machine

/// Where a fence's lock lives.
@frozen public enum LockPlacementPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: in the fence, or where an older driver says. A flag bit tells which.
  case inlineOrExternal
}

extension Fence {
  /// The fence's lock.
  @inlinable @inline(__always)
  var lock: Object<SpinLock> {
    // relaxed: set before publication, never changed.
    if storage.record.flags.test(.inlineLock, .relaxed) {
      return Object(machineAddress: storage.machineAddress)
    }
    return externalLock
  }

  /// Puts the lock where it belongs, in a fence that nobody else can see yet.
  ///
  /// - Returns: The flags that say where.
  @inlinable @inline(__always)
  func placeLock(_ external: Object<SpinLock>?) -> UInt64 {
    if let external {
      storage.record.externalLock.value = external
      return 0
    }
    let lock = Object<SpinLock>(machineAddress: storage.machineAddress)
    lock.record.initialise(class: "fence")
    return 1 << FenceFlag.inlineLock.bitNumber
  }

  @usableFromInline
  var externalLock: Object<SpinLock> {
    guard let lock = storage.record.externalLock.value else {
      preconditionFailure("the fence was never initialised: it has no lock")
    }
    return lock
  }
}
