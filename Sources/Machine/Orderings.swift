// The orderings an access may have, named as the kernel's memory model names them.
// No operation has a default: whoever writes an access says what it orders.

/// What a load orders.
@frozen public enum LoadOrdering: UInt8, Sendable {
  /// Nothing: the kernel's `READ_ONCE`.
  case relaxed
  /// Later accesses stay after the load: `smp_load_acquire`.
  case acquire
  /// Accesses through the address that was read stay after the load: `rcu_dereference`.
  case dependency
  /// As between two full barriers.
  case full
}

/// What a store orders.
@frozen public enum StoreOrdering: UInt8, Sendable {
  /// Nothing: the kernel's `WRITE_ONCE`.
  case relaxed
  /// Earlier accesses stay before the store: `smp_store_release`.
  case release
  /// As between two full barriers.
  case full
}

extension StoreOrdering {
  /// The same for a read-modify-write whose result nobody uses.
  @inlinable var ofUpdate: UpdateOrdering {
    switch self {
    case .relaxed: .relaxed
    case .release: .release
    case .full: .full
    }
  }
}

/// What a read-modify-write orders.
@frozen public enum UpdateOrdering: UInt8, Sendable {
  /// Nothing: the `_relaxed` forms, and the forms without a result.
  case relaxed
  /// The read half is an acquire: the `_acquire` forms.
  case acquire
  /// The write half is a release: the `_release` forms.
  case release
  /// A full barrier before and after: the value-returning forms without a suffix.
  /// A compare-and-exchange that fails orders nothing.
  case full
}

/// A memory barrier that is no access.
@frozen public enum BarrierKind: UInt8, Sendable {
  /// `smp_mb`
  case full
  /// `smp_rmb`
  case read
  /// `smp_wmb`
  case write
  /// `smp_acquire__after_ctrl_dep`: the last load decided a branch; what follows stays after it.
  case afterControl
  /// `barrier`
  case compiler
  /// `smp_mb__before_atomic`
  case beforeAtomic
  /// `smp_mb__after_atomic`
  case afterAtomic
  /// `smp_mb__after_spinlock`
  case afterSpinlock
  /// `smp_mb__after_unlock_lock`
  case afterUnlockLock
}

/// The name of an ordering claim: at least two sites share it, one publishing and one observing.
///
/// The hardware ignores it. The explorer can weaken one edge at a time and demand that a test
/// notices, so that every ordering comment is a tested claim.
@frozen public struct Edge: ExpressibleByStringLiteral, Sendable {
  /// The label, or an empty string where nothing is ordered.
  public let label: StaticString
  /// The line of the site, or 0 where nobody has said yet.
  public let line: UInt32

  /// Names an edge.
  @inlinable public init(stringLiteral label: StaticString) {
    self.label = label
    line = 0
  }

  @usableFromInline init(_ label: StaticString, line: UInt32) {
    self.label = label
    self.line = line
  }

  /// The edge's end at this line; one that knows its line keeps it.
  @inlinable public func at(_ line: UInt32) -> Edge {
    self.line == 0 ? Edge(label, line: line) : self
  }

  /// The access orders nothing, so there is no claim to name.
  @inlinable public static var none: Edge { Edge(stringLiteral: "") }
}
