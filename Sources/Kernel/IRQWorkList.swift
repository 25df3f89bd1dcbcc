internal import Machine

/// The works that wait for one CPU to take interrupts again, last in, first out.
///
/// The kernel's per-CPU `raised_list`. Native threads share one list, and a thread of the
/// kernel's own stands for the interrupt.
struct IRQWorkList: ~Copyable {
  // The address of the work queued last, or 0.
  private let first = Word<UInt>(0)
  // Native only: how often an empty list got a work; the thread sleeps on it.
  private let raises = Word<UInt32>(0)

  /// The list of the running CPU.
  static var current: Object<IRQWorkList> {
    Conductor.current.map { virtual[$0.currentCPU] } ?? native
  }

  /// Puts a work at the front, and raises the interrupt where the list was empty.
  func push(_ work: borrowing IRQWork) {
    // relaxed: a guess, which the exchange below confirms.
    var seen = first.load(.relaxed)
    while true {
      work.next.value = seen
      // full[irqwork.list] ↔ full in IRQWorkList.run(). Hands the work over.
      let found = first.compareExchange(seen, with: work.address, .full, edge: "irqwork.list")
      if found == seen { break }
      seen = found
    }
    if seen == 0 { raise() }
  }

  /// Runs what is on the list now, newest first.
  func run() {
    // full[irqwork.list] ↔ full in IRQWorkList.push(_:). Takes every work over.
    var next = first.exchange(0, .full, edge: "irqwork.list")
    while next != 0 {
      let work = Object<IRQWork>(machineAddress: next)
      next = work.record.next.value
      if Conductor.current == nil { Machine.inheritedWord = work.record.inherited.value }
      work.record.run()
    }
  }

  private func raise() {
    guard let cpu = Conductor.current?.currentCPU else { return raiseNatively() }
    let body: @Sendable () -> Void = { IRQWorkList.virtual[cpu].record.run() }
    _ = Conductor.perform(
      .spawn(Spawn(name: "irq work", cpu: cpu, context: .interrupt, body: body)))
  }

  // MARK: - Native

  private func raiseNatively() {
    _ = Self.handler
    // relaxed: the list carries the works; the number only ends a sleep.
    _ = raises.fetchAdd(1, .relaxed)
    Machine.wake(raises)
  }

  /// Takes the place of the interrupt: a read section with interrupts off, as a handler is one.
  private func handleForEver() -> Never {
    while true {
      // relaxed: read before the list, so that a work queued after this ends the sleep below.
      let seen = raises.load(.relaxed)
      Machine.disableInterrupts()
      RCU.withReadLock { run() }
      Machine.restoreInterrupts()
      _ = Machine.park(on: raises, while: seen)
    }
  }

  private static let native = Machine.permanent(IRQWorkList())

  private static let handler: Void = NativeThread.detach(name: "irq work") {
    native.record.handleForEver()
  }

  private static let virtual = (0..<Limits.virtualCPUCountMax).map { _ in
    Machine.permanent(IRQWorkList())
  }
}
