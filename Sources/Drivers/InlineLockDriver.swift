public import Fences
public import Hardware
import Kernel
import Machine

/// A driver as upstream wants new ones: each fence has a lock of its own, and no `release`.
///
/// What it shows: the driver's lock guards only its list. Fences are signaled outside it, so a
/// callback may call back into the driver. And a signaled fence needs the driver no more: it may
/// outlive the driver, and even the *module*, whose table of operations goes a grace period after
/// the last fence was signaled. Whoever still holds a fence then reads general names.
public struct InlineLockDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Signals with the driver's lock held.
    case signalsUnderItsLock
    /// Unloads the module while a reader may be inside its operations.
    case unloadsAtOnce
  }

  struct State: ~Copyable {
    let lock = SpinLock()
    // Guarded by lock: oldest first. Each job owns a reference to its fence.
    let pending = ListHead()
    // Guarded by lock:
    let lastSeqno = Cell<UInt32>(0)
    // Written once before publication:
    let context = Cell<UInt64>(FenceContext.allocate())
  }

  private let state: Object<State>
  private let engine: Engine
  private let operations: Object<FenceOperations>
  private let mistake: Mistake

  /// Loads the module, and brings the device up.
  public static func load(_ engine: Engine) -> InlineLockDriver { load(engine, .none) }

  package static func load(_ engine: Engine, _ mistake: Mistake) -> InlineLockDriver {
    let state = Machine.allocate(alignment: 64, State())
    state.record.lock.initialise(class: "inline-lock driver")
    state.record.pending.initialise()
    let operations = Machine.allocate(
      FenceOperations(driverName: { _ in "inline lock" }, timelineName: { _ in "engine" }))
    return InlineLockDriver(
      state: state, engine: engine, operations: operations, mistake: mistake)
  }

  /// The fence of the next seqno, which somebody submits, with a reference for the caller.
  public func emit() -> Fence {
    state.record.lock.withLockIRQSave {
      let seqno = state.record.lastSeqno.value &+ 1
      state.record.lastSeqno.value = seqno
      let fence = DriverJob.make(
        owner: state, operations: operations, lock: nil, context: state.record.context.value,
        seqno: seqno)
      fence.get()
      state.record.pending.append(DriverJob.job(of: fence).record.pending)
      return fence
    }
  }

  /// Signals what the engine has passed.
  public func handleInterrupt() {
    while let fence = takeFinished() {
      fence.signal()
      fence.put()
    }
  }

  /// Takes the device down and unloads the module.
  ///
  /// Fences that others hold stay valid.
  ///
  /// - Precondition: No handler runs any more, and the caller may sleep.
  public func unload() {
    while let node = state.record.pending.first {
      let fence = DriverJob.fence(on: node)
      node.record.remove()
      fence.setError(.noDevice)
      fence.signal()
      fence.put()
    }
    if mistake != .unloadsAtOnce { RCU.synchronize() }
    Machine.free(operations)
    Machine.free(state)
  }

  /// Takes the oldest finished fence off the list, with the list's reference.
  private func takeFinished() -> Fence? {
    state.record.lock.withLockIRQSave {
      guard let node = state.record.pending.first else { return nil }
      let fence = DriverJob.fence(on: node)
      guard fence.isPassed(by: engine.completedSeqno) else { return nil }
      node.record.remove()
      if mistake == .signalsUnderItsLock { fence.signal() }
      return fence
    }
  }
}
