public import Machine

/// Something for a worker thread to do: the kernel's `struct work_struct`.
///
/// It lives in place, inside a record. What runs may sleep, may queue the item again, and may free
/// the record: the queue has forgotten it by then.
@frozen public struct WorkItem: ~Copyable {
  // Guarded by the lock of the queue it was last put on:
  @usableFromInline let isQueued: Cell<Bool>
  @usableFromInline let ticket: Cell<UInt64>
  @usableFromInline let next: Cell<UInt>
  // Native only, guarded likewise: the word that native threads inherit.
  @usableFromInline let inherited: Cell<UInt64>
  @usableFromInline let function: Function

  /// What runs.
  public typealias Function = @Sendable (Object<WorkItem>) -> Void

  /// An item that is on no queue (`INIT_WORK`).
  @inlinable public init(_ function: @escaping Function) {
    isQueued = Cell(false)
    ticket = Cell(0)
    next = Cell(0)
    inherited = Cell(0)
    self.function = function
  }

  /// Where the item lives.
  @inlinable public var address: UInt { isQueued.address }
}
