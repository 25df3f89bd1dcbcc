public import Fences
public import Hardware
import Kernel
import Machine

/// A driver that lists a fence only when somebody asks for its signal: as in xe.
///
/// What it shows: one lock guards the list and is the lock of every fence on it, the interrupt
/// handler hands the walk to interrupt work, and the list owns a reference to each fence on it.
/// Without that reference the last holder may end a fence that the walk is about to signal.
public struct PendingListDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Lists fences without a reference of the list's own.
    case borrowsTheReference
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let engine: Engine
    let mistake: Mistake
    let work: IRQWork

    init(_ engine: Engine, _ mistake: Mistake) {
      self.engine = engine
      self.mistake = mistake
      work = IRQWork { PendingListDriver.walk(State.workOffset.record(around: $0)) }
    }

    static let workOffset = FieldOffset<State, IRQWork> { $0.work.address }
  }

  private let state: Object<State>

  /// Brings the device up.
  public static func open(_ engine: Engine) -> PendingListDriver { open(engine, .none) }

  package static func open(_ engine: Engine, _ mistake: Mistake) -> PendingListDriver {
    let state = Machine.allocate(alignment: 64, State(engine, mistake))
    state.record.queue.initialise(class: "hardware fence irq")
    return PendingListDriver(state: state)
  }

  /// The fence of the next seqno, which somebody submits, with a reference for the caller.
  public func emit() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      state.record.queue.makeFence(owner: state, operations: Self.operations)
    }
  }

  /// The device has completed something.
  public func handleInterrupt() { state.record.work.queue() }

  /// Takes the device down; what is still listed ends with an error (`xe_hw_fence_irq_finish`).
  ///
  /// - Precondition: No handler runs any more, and interrupts are on here.
  public func close() {
    state.record.work.waitUntilDone()
    state.record.queue.lock.withLockIRQSave { state.record.queue.signalAll(.cancelled) }
    Self.put(state)
  }

  private static func walk(_ state: Object<State>) {
    state.record.queue.lock.lockIRQSave()
    let completed = state.record.engine.completedSeqno
    while let node = state.record.queue.pending.first {
      let fence = DriverJob.fence(on: node)
      if !fence.isPassed(by: completed) { break }
      node.record.remove()
      fence.signalLocked()
      if state.record.mistake != .borrowsTheReference { fence.put() }
    }
    state.record.queue.lock.unlockIRQRestore()
  }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "pending list" }, timelineName: { _ in "engine" },
      enableSignaling: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        if fence.isPassed(by: state.record.engine.completedSeqno) { return false }
        if state.record.mistake != .borrowsTheReference { fence.get() }
        state.record.queue.pending.append(DriverJob.job(of: fence).record.pending)
        return true
      },
      isSignaled: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        return fence.error != nil || fence.isPassed(by: state.record.engine.completedSeqno)
      },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
