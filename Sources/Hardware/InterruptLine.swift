import Machine

/// The wire from a device to a CPU's interrupt handler.
///
/// Raising it twice before the handler has begun runs the handler once: a driver must look at what
/// the device wrote and not count interrupts.
public struct InterruptLine: Sendable {
  struct State: ~Copyable {
    /// 1 from the first raise until the handler begins.
    let pending = Word<UInt32>(0)
    /// Handlers that were asked for and have not ended.
    let unfinished = Word<UInt32>(0)
  }

  private let state: Object<State>
  private let name: String
  private let cpu: Int
  private let handler: @Sendable () -> Void

  /// Connects a handler on one CPU.
  public init(_ name: String, cpu: Int, handler: @escaping @Sendable () -> Void) {
    state = Machine.allocate(State())
    self.name = name
    self.cpu = cpu
    self.handler = handler
  }

  /// Asks the CPU to run the handler as soon as its interrupts are on.
  ///
  /// Without a conductor the handler runs here and now, with interrupts masked.
  ///
  /// - Ordering: Release. The handler sees everything written before. Edge `interrupt.raise`.
  public func raise() { raise(on: cpu) }

  /// Raises the line on a CPU that a controller has chosen.
  func raise(on cpu: Int) {
    // release[interrupt.raise] → acquire in InterruptLine.deliver(). What the device wrote back is
    // visible to the handler, also where an earlier raise is still pending.
    let wasPending = state.record.pending.exchange(1, .release, edge: "interrupt.raise")
    if wasPending != 0 { return }
    // relaxed: only ``disconnect()`` looks, and no raise runs beside it.
    _ = state.record.unfinished.fetchAdd(1, .relaxed)
    let line = self
    let spawn = Spawn(name: name, cpu: cpu, context: .interrupt) { line.deliver() }
    if Conductor.perform(.spawn(spawn)) == nil {
      Machine.disableInterrupts()
      deliver()
      Machine.restoreInterrupts()
    }
  }

  /// Waits until no handler runs and disconnects it (`free_irq`).
  ///
  /// - Precondition: The device has stopped, and interrupts are on here.
  public func disconnect() {
    // acquire[interrupt.end] ← release in InterruptLine.deliver(). The handler is done with its
    // data.
    Machine.spin(until: state.record.unfinished.equals(0, .acquire, edge: "interrupt.end"))
    Machine.free(state)
  }

  private func deliver() {
    // acquire[interrupt.raise] ← release in InterruptLine.raise(on:). A raise from here on runs the
    // handler again, so nothing written before it can be missed.
    _ = state.record.pending.exchange(0, .acquire, edge: "interrupt.raise")
    handler()
    // release[interrupt.end] → acquire in InterruptLine.disconnect(). What the handler used may go.
    _ = state.record.unfinished.fetchSubtract(1, .release, edge: "interrupt.end")
  }
}
