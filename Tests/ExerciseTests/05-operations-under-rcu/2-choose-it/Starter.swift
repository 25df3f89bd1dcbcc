// expects: too costly, rule=too-costly/updates, misconception=an-uncontended-lock-is-free
// # Choose it
//
// A fence reduced to what matters for names: a flag that is set when it is signaled, and a pointer
// to its driver's table. To signal is to take the lock, set the flag and then set the pointer to
// nil. One grace period later the driver frees the table.
//
// `name` looks under the lock. That is correct, and every look takes the line away from everybody
// else. Choose the cheapest way that is still correct: while the fence is not signaled, the name is
// the driver's; once it is signaled, nil. `ask` must never be called without a table, and nobody
// may be inside a table that is gone.
//
// Correct means that every execution on the kernel's weak memory is fine. Cost is counted on one
// fixed schedule: three CPUs that ask in turn, three times each, for a name that does not change.
// It counts updates (read-modify-writes), barriers, and lines that had to come from elsewhere. The
// cheapest correct way needs no update, no barrier, and each line once for each CPU. See
// [one look or two](../../../Lessons/05-operations-under-rcu/lesson.md#one-look-or-two).

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
  // Change the code below this line …
  fence.record.lock.lock()
  defer { fence.record.lock.unlock() }
  guard fence.record.isSignaled.load(.relaxed) == 0 else { return nil }
  return ask(fence.record.table.load(.relaxed))
  // … and above this line.
}
