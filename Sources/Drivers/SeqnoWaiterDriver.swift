public import Fences
public import Hardware
import Kernel
import Machine

/// A driver that tells the device which seqno it waits for: as in vmwgfx.
///
/// What it shows: the device interrupts only for a seqno that somebody is waiting for. Asking for
/// it and the device's passing it can happen at once, each missing the other. So both sides write
/// first and look second, with a full barrier between: whoever asks looks at the seqno again
/// afterwards, and the fence is signaled there if the device was quicker.
public struct SeqnoWaiterDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Relies on the interrupt alone once it has asked for it.
    case skipsTheSecondLook
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let engine: Engine
    /// How many fences want an interrupt; a register of the device.
    let waiters = Word<UInt32>(0)

    init(_ engine: Engine) { self.engine = engine }
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// Brings the device up.
  public static func open(_ engine: Engine) -> SeqnoWaiterDriver { open(engine, .none) }

  package static func open(_ engine: Engine, _ mistake: Mistake) -> SeqnoWaiterDriver {
    let state = Machine.allocate(alignment: 64, State(engine))
    state.record.queue.initialise(class: "fence manager")
    return SeqnoWaiterDriver(state: state, mistake: mistake)
  }

  /// The fence of the next seqno, which somebody submits, with a reference for the caller.
  public func emit() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(
        owner: state,
        operations: mistake == .none ? Self.operations : Self.hastyOperations)
      state.record.queue.append(fence)
      return fence
    }
  }

  /// The device's end of the agreement: asked after the seqno was written.
  public var wantsInterrupts: Bool {
    // full[waiter.goal] ↔ full in SeqnoWaiterDriver.ask(_:). Seqno before question here, request
    // before second look there: one of them sees the other.
    Machine.barrier(.full, edge: "waiter.goal")
    // relaxed: the barrier above orders.
    return state.record.waiters.load(.relaxed) != 0
  }

  /// Signals what the device has passed.
  public func handleInterrupt() {
    state.record.queue.lock.withLockIRQSave {
      state.record.queue.signal(upTo: state.record.engine.completedSeqno)
      // relaxed: a device that misses it interrupts once too often.
      if state.record.queue.pending.isEmpty { state.record.waiters.store(0, .relaxed) }
    }
  }

  /// Takes the device down; what it has not done by now it never will.
  public func close() {
    state.record.queue.lock.withLockIRQSave { state.record.queue.signalAll(.inputOutput) }
    Self.put(state)
  }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  /// Asks for an interrupt, under the fence's lock.
  private static func ask(_ fence: Fence) -> Object<State> {
    let state = DriverJob.owner(of: fence, as: State.self)
    // full[waiter.goal] ↔ full in SeqnoWaiterDriver.wantsInterrupts. As said there.
    _ = state.record.waiters.fetchAdd(1, .full, edge: "waiter.goal")
    return state
  }

  private static let operations = table { fence in
    let state = ask(fence)
    return !fence.isPassed(by: state.record.engine.completedSeqno)
  }

  private static let hastyOperations = table { fence in
    _ = ask(fence)
    return true
  }

  private static func table(
    enableSignaling: @escaping @Sendable (Fence) -> Bool
  ) -> Object<FenceOperations> {
    Machine.permanent(
      FenceOperations(
        driverName: { _ in "seqno waiter" }, timelineName: { _ in "fifo" },
        enableSignaling: enableSignaling,
        release: { fence in
          let state = DriverJob.owner(of: fence, as: State.self)
          fence.free()
          put(state)
        }))
  }
}
