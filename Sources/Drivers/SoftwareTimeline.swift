public import Fences
import Kernel
import Machine

/// A timeline without a device, advanced by hand: `sw_sync`, which tests use.
///
/// What it shows: the list does not own its fences. A user can put the last reference while the
/// timeline advances, so the timeline meets fences that are ending. Their `release` takes the
/// timeline's lock to leave the list, and whoever walks the list may take a reference only where
/// one is left.
public struct SoftwareTimeline: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Takes a reference to a fence whose last one is gone.
    case wakesTheDying
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    // Guarded by the queue's lock:
    let value = Cell<UInt32>(0)
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// A timeline at 0.
  public static func make() -> SoftwareTimeline { make(.none) }

  package static func make(_ mistake: Mistake) -> SoftwareTimeline {
    let state = Machine.allocate(alignment: 64, State())
    state.record.queue.initialise(class: "software timeline")
    return SoftwareTimeline(state: state, mistake: mistake)
  }

  /// The fence of the next point, with one reference, which is the caller's.
  public func fence() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
      state.record.queue.pending.append(DriverJob.job(of: fence).record.pending)
      return fence
    }
  }

  /// Advances the timeline and signals what it passes.
  public func advance(by count: UInt32) {
    var finished: [Fence] = []
    state.record.queue.lock.lockIRQSave()
    let value = state.record.value.value &+ count
    state.record.value.value = value
    var next = state.record.queue.pending.first
    while let node = next, DriverJob.fence(on: node).isPassed(by: value) {
      next = state.record.queue.pending.next(after: node)
      let fence = DriverJob.fence(on: node)
      if mistake == .wakesTheDying {
        fence.get()
      } else if fence.getUnlessZero() == nil {
        // Its release waits for the lock.
        continue
      }
      node.record.remove()
      fence.signalLocked()
      finished.append(fence)
    }
    state.record.queue.lock.unlockIRQRestore()
    // Not under the lock, which the release takes.
    for fence in finished { fence.put() }
  }

  /// Gives the maker's part back; fences that others hold stay valid.
  public func close() { Self.put(state) }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "sw_sync" }, timelineName: { _ in "timeline" },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        let node = DriverJob.job(of: fence)
        state.record.queue.lock.withLockIRQSave {
          if !node.record.pending.isAlone { node.record.pending.remove() }
        }
        fence.free()
        put(state)
      }))
}
