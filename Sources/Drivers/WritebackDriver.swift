public import Fences
public import Kernel
import Machine

/// A connector that writes frames to memory, with an out-fence for each job: `drm_writeback`.
///
/// What it shows: a fence carries an error, and the error must be there *before* the signal.
/// Whoever waits reads it as soon as the bit is set, and setting it later changes an answer that
/// somebody already has.
public struct WritebackDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Signals first and says afterwards what went wrong.
    case setsTheErrorLate
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// Brings a connector up.
  public static func open() -> WritebackDriver { open(.none) }

  package static func open(_ mistake: Mistake) -> WritebackDriver {
    let state = Machine.allocate(alignment: 64, State())
    state.record.queue.initialise(class: "writeback fences")
    return WritebackDriver(state: state, mistake: mistake)
  }

  /// Queues a job (`drm_writeback_queue_job`).
  ///
  /// - Returns: Its out-fence, with a reference for the caller.
  public func queueJob() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
      state.record.queue.append(fence)
      return fence
    }
  }

  /// The oldest job is over (`drm_writeback_signal_completion`); called from an interrupt.
  ///
  /// - Parameter error: What went wrong, if something did.
  public func completeOldest(_ error: Errno? = nil) {
    let lock = state.record.queue.lockObject()
    lock.record.lockIRQSave()
    if let node = state.record.queue.pending.first {
      let fence = DriverJob.fence(on: node)
      node.record.remove()
      if let error, mistake != .setsTheErrorLate { fence.setError(error) }
      fence.signalLocked()
      if let error, mistake == .setsTheErrorLate { fence.setError(error) }
      fence.put()
    }
    lock.record.unlockIRQRestore()
  }

  /// Takes the connector down: what has not been written never will be.
  public func close() {
    state.record.queue.lock.withLockIRQSave { state.record.queue.signalAll(.cancelled) }
    Self.put(state)
  }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "writeback" }, timelineName: { _ in "connector" },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
