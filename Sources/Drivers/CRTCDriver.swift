public import Fences
import Kernel
import Machine

/// A display controller whose fences say when a frame is on the screen: `drm_crtc`.
///
/// What it shows: a fence without `release` loses its operations when it is signaled, but a reader
/// that asked for its names just before is still inside them, and they look into the controller.
/// So the controller goes a grace period after its last fence was signaled, and not before.
public struct CRTCDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Frees the controller while a reader may be inside its names.
    case skipsTheGracePeriod
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    // Written once before publication:
    let number: Cell<UInt32>

    init(number: UInt32) { self.number = Cell(number) }
  }

  private let state: Object<State>
  private let mistake: Mistake

  /// Brings a controller up.
  public static func open(number: UInt32) -> CRTCDriver { open(number: number, .none) }

  package static func open(number: UInt32, _ mistake: Mistake) -> CRTCDriver {
    let state = Machine.allocate(alignment: 64, State(number: number))
    state.record.queue.initialise(class: "crtc fences")
    return CRTCDriver(state: state, mistake: mistake)
  }

  /// The fence of the next frame, with a reference for the caller.
  public func flip() -> Fence {
    state.record.queue.lock.withLockIRQSave {
      let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
      state.record.queue.append(fence)
      return fence
    }
  }

  /// The frame is on the screen: signals everything that was flipped.
  public func handleVerticalBlank() {
    state.record.queue.lock.withLockIRQSave {
      state.record.queue.signal(upTo: state.record.queue.lastSeqno.value)
    }
  }

  /// Takes the controller down (`drm_crtc_cleanup`).
  ///
  /// - Precondition: Every fence is signaled, nobody takes a lock of one any more, and the caller
  ///   may sleep.
  public func close() {
    if mistake != .skipsTheGracePeriod { RCU.synchronize() }
    Machine.free(state)
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "display" },
      timelineName: { fence in
        "crtc \(DriverJob.owner(of: fence, as: State.self).record.number.value)"
      }))
}
