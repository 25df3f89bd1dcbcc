// expects: expectation failed, rule=warning, misconception=two-looks-are-one
// As it was until June 2026: nothing orders the two looks.

import ExerciseKit

/// What a driver lends to its fences.
public struct Table: ~Copyable {
  /// A plain field: whoever reads it is inside the driver.
  public let name = Cell<UInt64>(7)

  /// The table of driver 7.
  public init() {}
}

/// A fence, as far as names are concerned.
public struct NamedFence: ~Copyable {
  /// Held by the signaler.
  public let lock = SpinLock()
  /// 1 once the fence is signaled.
  public let isSignaled = Word<UInt64>(0)
  /// Nil once the fence is signaled; set after the flag.
  public let table: Word<Object<Table>?>

  /// A fence that is not signaled.
  public init(_ table: Object<Table>) { self.table = Word(table) }
}

/// Asks the driver; without a table the kernel would crash here.
public func ask(_ table: Object<Table>?) -> UInt64 {
  Kernel.warn(unless: table != nil, "a name is asked of no table")
  return table?.record.name.value ?? 0
}

/// The driver's name, or nil where the driver is detached.
public func name(of fence: Object<NamedFence>) -> UInt64? {
  RCU.withReadLock {
    let table = RCU.dereference(fence.record.table)
    // relaxed: and so it may come before the look at the pointer.
    guard fence.record.isSignaled.load(.relaxed) == 0 else { return nil }
    return ask(table)
  }
}
