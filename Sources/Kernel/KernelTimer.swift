public import Machine

/// Something that runs once, a while from now, unless it is called off: the kernel's
/// `struct timer_list`.
///
/// What runs must not sleep. The handle is trivial; ``shutDown()`` ends the timer.
@frozen public struct KernelTimer: MachineReference {
  @usableFromInline let storage: Object<KernelTimerStorage>

  /// The timer that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the timer lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// A timer that is not armed (`timer_setup`).
  ///
  /// - Parameters:
  ///   - name: Its name in reports.
  ///   - cpu: The virtual CPU whose softirq runs it.
  ///   - body: What runs. It may arm the timer again.
  public static func make(
    _ name: String, cpu: Int = 0, _ body: @escaping @Sendable (KernelTimer) -> Void
  ) -> KernelTimer {
    let storage = Machine.allocate(KernelTimerStorage(name: name, cpu: cpu, body: body))
    return KernelTimer(machineAddress: storage.machineAddress)
  }

  /// Arms the timer, or moves it (`mod_timer`).
  ///
  /// After ``shutDown()`` has begun, what still runs arms nothing.
  ///
  /// - Returns: Whether it was armed before.
  @discardableResult public func arm(after delay: Jiffies) -> Bool {
    let deadline = delay.deadline(after: Machine.clock())
    let (before, after) = change {
      $0 & Self.isShutDown != 0 ? $0 : ($0 | Self.isArmed) &+ Self.oneArming
    }
    if after & Self.isShutDown != 0 { return false }
    storage.record.references.get()
    let body: @Sendable () -> Void = { self.expire(after, at: deadline) }
    let name = storage.record.name
    let spawn = Spawn(name: "\(name) timer", cpu: storage.record.cpu, context: .task, body: body)
    if Conductor.perform(.spawn(spawn)) == nil { NativeThread.detach(name: name, body) }
    return before & Self.isArmed != 0
  }

  /// Calls the timer off; what runs already goes on (`timer_delete`).
  ///
  /// - Returns: Whether it was armed.
  @discardableResult public func cancel() -> Bool {
    change { $0 & ~Self.isArmed }.before & Self.isArmed != 0
  }

  /// Calls the timer off and waits until it does not run (`timer_delete_sync`).
  ///
  /// Where what runs arms the timer again, that is called off, too.
  ///
  /// - Precondition: Not called from what the timer runs, nor with a lock held that it takes;
  ///   nobody else arms it meanwhile.
  /// - Returns: Whether it was armed.
  @discardableResult public func cancelAndWait() -> Bool {
    stop(0)
  }

  /// Calls the timer off for good, waits, and gives its memory back (`timer_shutdown_sync`).
  ///
  /// - Precondition: As for ``cancelAndWait()``; nobody uses the timer afterwards.
  public func shutDown() {
    stop(Self.isShutDown)
    release()
  }
}

// MARK: - Private

/// The record behind a timer.
///
/// Each waiting context owns a reference.
@usableFromInline
struct KernelTimerStorage: ~Copyable {
  /// Bit 0: armed; bit 1: shut down, never to be armed again.
  ///
  /// Above them a number that every arming raises.
  let state = Word<UInt32>(0)
  /// Contexts that run the body, or are about to find out whether they may.
  let running = Word<UInt32>(0)
  let references = ReferenceCount(1)
  let name: String
  let cpu: Int
  let body: @Sendable (KernelTimer) -> Void

  init(name: String, cpu: Int, body: @escaping @Sendable (KernelTimer) -> Void) {
    self.name = name
    self.cpu = cpu
    self.body = body
  }
}

extension KernelTimer {
  private static var isArmed: UInt32 { 1 }
  private static var isShutDown: UInt32 { 2 }
  private static var oneArming: UInt32 { 4 }

  /// Calls the timer off, with one more bit set, until nothing runs and nothing was armed since.
  ///
  /// - Returns: Whether it was armed.
  @discardableResult private func stop(_ mark: UInt32) -> Bool {
    var wasArmed = false
    while true {
      let (before, after) = change { $0 & ~Self.isArmed | mark }
      if before & Self.isArmed != 0 { wasArmed = true }
      awaitEnd()
      // relaxed: ordered by the acquire in awaitEnd(): sees what the last one to run armed. Where
      // the number is the same, nobody armed in between, and so nobody can have begun to run.
      if storage.record.state.load(.relaxed) == after { return wasArmed }
    }
  }

  private func awaitEnd() {
    while true {
      // acquire[timer.end] ← release in KernelTimer.leave(). What ran is over and visible.
      let running = storage.record.running.load(.acquire, edge: "timer.end")
      if running == 0 { return }
      _ = Machine.park(on: storage.record.running, while: running)
    }
  }

  private func change(_ next: (UInt32) -> UInt32) -> (before: UInt32, after: UInt32) {
    while true {
      // relaxed: a guess, which the exchange below confirms.
      let before = storage.record.state.load(.relaxed)
      let after = next(before)
      // full[timer.arm] ↔ full in KernelTimer.run(_:). What was written before arming is visible
      // to what runs, as the kernel's timer base lock has it.
      let found = storage.record.state.compareExchange(
        before, with: after, .full, edge: "timer.arm")
      if found == before {
        Machine.wake(storage.record.state)
        return (before, after)
      }
    }
  }

  /// Waits for the time of one arming, then runs unless another state came first.
  private func expire(_ armed: UInt32, at deadline: UInt64?) {
    // relaxed: the exchange in run(_:) decides.
    while storage.record.state.load(.relaxed) == armed {
      if !Machine.park(on: storage.record.state, while: armed, deadline: deadline) {
        run(armed)
        break
      }
    }
    release()
  }

  private func run(_ armed: UInt32) {
    // relaxed: the full exchange below comes before anybody can find the timer unarmed.
    _ = storage.record.running.fetchAdd(1, .relaxed)
    // full[timer.arm] ↔ full in KernelTimer.change(_:). Sees what was written before arming; and
    // whoever finds the timer unarmed after this finds it running, too.
    let found = storage.record.state.compareExchange(
      armed, with: armed & ~Self.isArmed, .full, edge: "timer.arm")
    guard found == armed else { return leave() }
    storage.record.references.get()
    let work: @Sendable () -> Void = { self.finish() }
    let spawn = Spawn(
      name: storage.record.name, cpu: storage.record.cpu, context: .softirq, body: work)
    if Conductor.perform(.spawn(spawn)) == nil { work() }
  }

  private func finish() {
    Machine.disablePreemption()
    storage.record.body(self)
    Machine.enablePreemption()
    leave()
    release()
  }

  private func leave() {
    // release[timer.end] → acquire in KernelTimer.awaitEnd(). What ran is over.
    _ = storage.record.running.fetchSubtract(1, .release, edge: "timer.end")
    Machine.wake(storage.record.running)
  }

  private func release() {
    if storage.record.references.put() { Machine.free(storage) }
  }
}
