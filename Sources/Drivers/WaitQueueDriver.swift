public import Fences
public import Hardware
import Kernel
import Machine

/// A driver whose waiters sleep on one queue of the device: as in qxl.
///
/// What it shows: a custom wait that never looks at the fence's callbacks. The device is asked on
/// every wake-up, so the interrupt only has to wake the queue, but it must wake *after* what the
/// waiter looks at has become true; the other way round a waiter sleeps for ever.
public struct WaitQueueDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Wakes the waiters before the fences are signaled.
    case wakesTooEarly
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let released = WaitQueue()
    let engine: Engine

    init(_ engine: Engine) { self.engine = engine }
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// Brings the device up.
  public static func open(_ engine: Engine) -> WaitQueueDriver { open(engine, .none) }

  package static func open(_ engine: Engine, _ mistake: Mistake) -> WaitQueueDriver {
    let state = Machine.allocate(alignment: 64, State(engine))
    state.record.queue.initialise(class: "release lock")
    state.record.released.initialise(class: "release event")
    return WaitQueueDriver(state: state, mistake: mistake)
  }

  /// The fence of the next seqno, which somebody submits, with a reference for the caller.
  public func emit() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
      state.record.queue.append(fence)
      return fence
    }
  }

  /// The device has released something: signals the fences, and wakes all waiters.
  public func handleInterrupt() {
    if mistake == .wakesTooEarly { state.record.released.wakeAll() }
    state.record.queue.lock.withLockIRQSave {
      state.record.queue.signal(upTo: state.record.engine.completedSeqno)
    }
    if mistake != .wakesTooEarly { state.record.released.wakeAll() }
  }

  /// Takes the device down, whose fences have all been signaled.
  public func close() { Self.put(state) }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static func wait(
    _ fence: Fence, _ interruptible: Bool, _ timeout: Jiffies
  ) -> Result<Jiffies, Errno> {
    let state = DriverJob.owner(of: fence, as: State.self)
    do throws(Errno) {
      return .success(
        try state.record.released.wait(interruptible: interruptible, timeout: timeout) {
          fence.testSignaledFlag()
        })
    } catch {
      return .failure(error)
    }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "wait queue" }, timelineName: { _ in "release" }, wait: wait,
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
