internal import Kernel
public import Machine

/// How long a fence keeps its driver's operations.
@frozen public enum OperationsLifetimePolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: until it is signaled, unless the table has `wait` or `release`.
  case detachOnSignal
}

extension Fence {
  /// Lets the driver go, so that its module can be unloaded a grace period later.
  @inlinable @inline(__always)
  func detachOperationsIfAllowed() {
    // relaxed: the lock is held, and only signaling writes the pointer.
    guard let table = storage.record.operations.load(.relaxed), !table.record.staysAttached
    else { return }
    // relaxed: nil leads nowhere, so nothing has to be complete before it.
    storage.record.operations.store(nil, .relaxed)
  }
}
