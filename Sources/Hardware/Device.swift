import Machine

/// What the engines of one simulated GPU share: memory, semaphores, faults, and the slot it is
/// plugged into.
public struct Device: Sendable {
  /// How writes of the engines reach memory.
  public enum Writes: Sendable {
    /// At once and in order.
    case coherent
    /// Some time before the next `flushWrites` or interrupt ends, in any order.
    case posted
  }

  struct State: ~Copyable {
    let memory = DeviceMemory()
    /// Counts what an engine at a semaphore may wait for.
    let activity = Word<UInt32>(0)
    let isGone = Word<Bool>(false)
  }

  let state: Object<State>
  let writes: Writes
  let faults: FaultPlan

  /// A device without engines; see ``Engine/make(_:completed:on:in:recorder:)``.
  public static func make(writes: Writes = .coherent, faults: FaultPlan = .none) -> Device {
    Device(
      state: Machine.allocate(alignment: 64, State()), writes: writes, faults: faults)
  }

  /// Frees the memory, once all engines have stopped.
  public func free() { Machine.free(state) }

  // MARK: - Memory, from a CPU

  /// Reads a word of memory.
  ///
  /// - Ordering: Acquire. Edge `memory.word`.
  public func load(_ address: UInt32) -> UInt32 { state.record.memory.load(address) }

  /// Writes a word of memory.
  ///
  /// - Ordering: Release. Edge `memory.word`.
  public func store(_ value: UInt32, at address: UInt32) {
    state.record.memory.store(value, at: address)
  }

  /// Writes a word that an engine may be waiting for.
  public func signalSemaphore(_ value: UInt32, at address: UInt32) {
    state.record.memory.store(value, at: address)
    announceActivity()
  }

  /// Lets engines at a semaphore look again.
  func announceActivity() {
    // release[device.activity] → acquire in Engine.waitSemaphore(_:_:_:_:). Who sees the count sees
    // the semaphore, or the reset.
    _ = state.record.activity.fetchAdd(1, .release, edge: "device.activity")
    Machine.wake(state.record.activity)
  }

  // MARK: - The slot

  /// Pulls the device out.
  ///
  /// From here on no engine begins a packet, writes a word or raises an interrupt; the driver must
  /// end what it has promised, and can still stop and free everything.
  public func unplug() {
    // relaxed: a device notices when it notices; nothing is handed over.
    state.record.isGone.store(true, .relaxed)
  }

  /// Whether the device is still there, as a driver learns by reading a register.
  public var isPresent: Bool {
    // relaxed: stale at once, whatever the ordering.
    !state.record.isGone.load(.relaxed)
  }

  /// Resets all engines and loses what is in memory.
  ///
  /// - Precondition: The driver of each engine keeps its submissions out, and the caller may sleep.
  public func reset(_ engines: [Engine]) {
    let requests = engines.map { $0.requestReset() }
    for (engine, request) in zip(engines, requests) { engine.awaitReset(request) }
    state.record.memory.clear()
  }
}
