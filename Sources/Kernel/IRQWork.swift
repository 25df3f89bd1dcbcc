public import Machine

/// Something to do from an interrupt handler, as soon as this CPU takes interrupts again: the
/// kernel's `struct irq_work`.
///
/// It is how code that holds a lock with interrupts off gets something done after that lock, in a
/// context that may take other locks. It lives in place, inside a record, which must stay until a
/// grace period after the work began to run: whoever runs it looks at it once more afterwards.
///
/// Each CPU has a list, last in, first out; two works that one CPU queued run in the reverse order.
/// A work that another CPU queues again while it runs can run on both at once.
@frozen public struct IRQWork: ~Copyable {
  // Bit 0: on a list. Bit 1: on a list or running.
  @usableFromInline let state: Word<UInt32>
  // Owned by whoever set bit 0, then by the list. The address of the next work, or 0.
  @usableFromInline let next: Cell<UInt>
  // Owned by whoever set bit 0: the word that native threads inherit.
  @usableFromInline let inherited: Cell<UInt64>
  @usableFromInline let function: Function

  /// What runs, with interrupts off; it must not sleep.
  public typealias Function = @Sendable (Object<IRQWork>) -> Void

  /// A work that is on no list (`init_irq_work`).
  @inlinable public init(_ function: @escaping Function) {
    state = Word(0)
    next = Cell(0)
    inherited = Cell(0)
    self.function = function
  }

  /// Where the work lives.
  @inlinable public var address: UInt { state.address }

  /// Puts the work on this CPU's list (`irq_work_queue`).
  ///
  /// - Returns: false where it was on a list already and has not begun to run; then it runs once,
  ///   after this call too.
  /// - Ordering: What was written before is visible to what runs. Edge `irqwork.claim`.
  /// - Progress: Never blocks.
  @discardableResult public func queue() -> Bool {
    // full[irqwork.claim] ↔ full in IRQWork.run(). Work that is found pending has yet to run, and
    // will see what this caller wrote.
    let before = state.exchange(Self.pending | Self.busy, .full, edge: "irqwork.claim")
    if before & Self.pending != 0 { return false }
    inherited.value = Machine.inheritedWord
    IRQWorkList.current.record.push(self)
    return true
  }

  /// Whether the work is on a list and has not begun to run (`irq_work_is_pending`).
  public var isPending: Bool {
    // relaxed: stale at once, whatever the ordering.
    state.load(.relaxed) & Self.pending != 0
  }

  /// Waits, running, until the work is neither queued nor running (`irq_work_sync`).
  ///
  /// - Precondition: Interrupts are on, and the caller is not the work itself.
  public func waitUntilDone() {
    // acquire[irqwork.done] ← release in IRQWork.run(). What ran is over and visible.
    Machine.spin(until: state.equals(0, .acquire, edge: "irqwork.done"))
  }

  /// Runs the work that was taken off its list.
  func run() {
    // full[irqwork.claim] ↔ full in IRQWork.queue(). Whoever found it pending is seen; whoever
    // comes later queues it anew.
    _ = state.exchange(Self.busy, .full, edge: "irqwork.claim")
    function(Object(machineAddress: address))
    // release[irqwork.done] → acquire in IRQWork.waitUntilDone(). What ran comes before its end.
    _ = state.compareExchange(Self.busy, with: 0, .release, edge: "irqwork.done")
  }

  private static var pending: UInt32 { 1 }
  private static var busy: UInt32 { 2 }
}
