import Machine

/// Routes the interrupts of a device: each source to one CPU, unless it is masked.
///
/// An interrupt that is raised while its source is masked is remembered, once, and comes when the
/// source is unmasked.
public struct InterruptController: Sendable {
  struct Source: ~Copyable {
    /// 0 open, 1 masked, 2 masked and raised since.
    let gate = Word<UInt32>(0)
    let cpu = Word<UInt32>(0)
  }

  struct Sources: ~Copyable {
    let all = InlineArray<8, Source> { _ in Source() }

    init() {
      precondition(
        all.count == Limits.interruptSourceCount, "the number of sources is given twice")
    }
  }

  private let sources: Object<Sources>
  private let lines: [InterruptLine]

  /// Connects handlers, one for each source, all to CPU 0 and unmasked.
  public static func make(
    _ handlers: [(name: String, handler: @Sendable () -> Void)]
  ) -> InterruptController {
    precondition(
      handlers.count <= Limits.interruptSourceCount,
      "a controller has \(Limits.interruptSourceCount) sources")
    return InterruptController(
      sources: Machine.allocate(Sources()),
      lines: handlers.map { InterruptLine($0.name, cpu: 0, handler: $0.handler) })
  }

  /// Sends what a source raises from here on to another CPU.
  public func route(_ source: Int, to cpu: Int) {
    // relaxed: an interrupt on its way may go to either.
    sources.record.all[source].cpu.store(UInt32(cpu), .relaxed)
  }

  /// Keeps a source's interrupts back.
  ///
  /// A handler may still run.
  public func mask(_ source: Int) {
    // full[interrupt.gate] ↔ full in InterruptController.unmask(_:) and raise(_:). One of mask and
    // raise comes first.
    _ = sources.record.all[source].gate.compareExchange(0, with: 1, .full, edge: "interrupt.gate")
  }

  /// Lets a source's interrupts through, also the one that was kept back.
  public func unmask(_ source: Int) {
    // full[interrupt.gate] ↔ full in InterruptController.raise(_:). What the device wrote before
    // it raised is visible to the handler.
    let before = sources.record.all[source].gate.exchange(0, .full, edge: "interrupt.gate")
    if before == 2 { deliver(source) }
  }

  /// The device's end: raises a source.
  func raise(_ source: Int) {
    // full[interrupt.gate] ↔ full in InterruptController.unmask(_:). As said there.
    let before = sources.record.all[source].gate.compareExchange(
      1, with: 2, .full, edge: "interrupt.gate")
    if before == 0 { deliver(source) }
  }

  private func deliver(_ source: Int) {
    // relaxed: an interrupt on its way may go to either CPU.
    lines[source].raise(on: Int(sources.record.all[source].cpu.load(.relaxed)))
  }

  /// Disconnects all handlers.
  ///
  /// - Precondition: The device has stopped, and interrupts are on here.
  public func disconnect() {
    for line in lines { line.disconnect() }
    Machine.free(sources)
  }
}
