public import Fences
public import Hardware
import Kernel
import Machine

/// A channel that keeps its interrupt on only while somebody wants to know: as in nouveau.
///
/// What it shows: a driver may keep bits of its own in the fence's flag word. The bit says that
/// this fence owns a reference to the interrupt, which only a fence that somebody asked to signal
/// does, so exactly those give one back. The waiter's own wait looks at the seqno itself.
public struct ChannelDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Gives a reference back for every fence.
    case forgetsWhoAsked
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let engine: Engine
    // Guarded by the queue's lock: fences that asked to be signaled.
    let interruptUsers = Cell<UInt32>(0)

    init(_ engine: Engine) { self.engine = engine }
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// Opens a channel to an engine.
  public static func open(_ engine: Engine) -> ChannelDriver { open(engine, .none) }

  package static func open(_ engine: Engine, _ mistake: Mistake) -> ChannelDriver {
    let state = Machine.allocate(alignment: 64, State(engine))
    state.record.queue.initialise(class: "channel fences")
    return ChannelDriver(state: state, mistake: mistake)
  }

  /// The fence of the next seqno, which somebody submits, with a reference for the caller.
  public func emit() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
      state.record.queue.append(fence)
      return fence
    }
  }

  /// Whether the channel's interrupt is on.
  public var wantsInterrupts: Bool {
    state.record.queue.lock.withLockIRQSave { state.record.interruptUsers.value != 0 }
  }

  /// Signals what the engine has passed (`nouveau_fence_update`); also for a poll.
  public func update() {
    let state = state
    state.record.queue.lock.lockIRQSave()
    let completed = state.record.engine.completedSeqno
    while let node = state.record.queue.pending.first {
      let fence = DriverJob.fence(on: node)
      if !fence.isPassed(by: completed) { break }
      node.record.remove()
      fence.signalLocked()
      if fence.hasDriverFlag(0) || mistake == .forgetsWhoAsked {
        state.record.interruptUsers.value &-= 1
      }
      fence.put()
    }
    state.record.queue.lock.unlockIRQRestore()
  }

  /// Closes the channel, whose fences have all been signaled.
  public func close() { Self.put(state) }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "channel" }, timelineName: { _ in "channel" },
      enableSignaling: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        if fence.isPassed(by: state.record.engine.completedSeqno) { return false }
        fence.setDriverFlag(0)
        state.record.interruptUsers.value += 1
        return true
      },
      wait: { fence, _, timeout in
        let end = timeout.deadline(after: Machine.clock())
        let state = DriverJob.owner(of: fence, as: State.self)
        while !fence.isPassed(by: state.record.engine.completedSeqno) {
          let now = Machine.clock()
          if let end, now >= end { return .success(.zero) }
          Machine.delay(nanoseconds: Jiffies.nanosecondsPerJiffy)
        }
        return .success(end.map { Jiffies.remaining(until: $0, now: Machine.clock()) } ?? timeout)
      },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
