public import Kernel
public import Machine

/// How long a fence keeps its driver's operations, and what the driver waits for before they go.
@frozen public enum OperationsLifetimePolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: until it is signaled, unless the table has `wait` or `release`. The driver waits for
  /// one grace period after that.
  case detachOnSignal
  /// For ever; the driver waits for nothing. So it was before 2026.
  case nakedPointer
  /// For ever; each fence keeps the driver's module loaded.
  case modulePinned
  /// As upstream, but the driver does not wait.
  case detachWithoutWaiting

  /// Whether signaling lets the table go.
  @inlinable @inline(__always) var detaches: Bool {
    self == .detachOnSignal || self == .detachWithoutWaiting
  }
}

extension Fence {
  // snippet: detach
  /// Lets the driver go, so that its module can be unloaded a grace
  /// period later.
  @inlinable @inline(__always)
  func detachOperationsIfAllowed() {
    guard FencePolicy.current.operationsLifetime.detaches else { return }
    // relaxed: the lock is held, and only signaling writes the pointer.
    guard let table = storage.record.operations.load(.relaxed),
      !table.record.staysAttached
    else { return }
    // relaxed: nil leads nowhere; nothing has to be complete before it.
    storage.record.operations.store(nil, .relaxed)
  }
  // end snippet

  /// Keeps the table's module for as long as the fence lives, if the design wants that.
  @inlinable @inline(__always)
  func pinModule(of table: Object<FenceOperations>) {
    guard FencePolicy.current.operationsLifetime == .modulePinned else { return }
    // relaxed: whoever makes a fence is inside the module, which therefore is loaded.
    _ = table.record.users.fetchAdd(1, .relaxed)
  }

  /// The table whose module the fence keeps, or nil.
  var pinnedOperations: Object<FenceOperations>? {
    guard FencePolicy.current.operationsLifetime == .modulePinned else { return nil }
    // relaxed: under this design the pointer is written once, before publication.
    return storage.record.operations.load(.relaxed)
  }
}

extension FenceOperations {
  /// Lets a fence's module go; the fence is over.
  static func unpin(_ table: Object<FenceOperations>) {
    // release[module.users] → acquire in FenceOperations.unload(_:). The fence's last calls come
    // before the table goes.
    _ = table.record.users.fetchSubtract(1, .release, edge: "module.users")
  }

  /// What a driver does to unload its module: waits as the design demands, and frees the table.
  ///
  /// - Throws: `busy` where fences keep the module; nothing has happened then.
  /// - Precondition: The table came from ``Machine/allocate(alignment:_:)``, its fences are
  ///   signaled, and no new ones are made. The caller may sleep.
  public static func unload(_ table: Object<FenceOperations>) throws(Errno) {
    switch FencePolicy.current.operationsLifetime {
    case .detachOnSignal: RCU.synchronize()
    case .nakedPointer, .detachWithoutWaiting: break
    case .modulePinned:
      // acquire[module.users] ← release in FenceOperations.unpin(_:). No fence calls any more.
      let users = table.record.users.load(.acquire, edge: "module.users")
      if users > 0 { throw .busy }
    }
    Machine.free(table)
  }
}
