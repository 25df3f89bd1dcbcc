public import Fences
public import Hardware
public import Kernel
import Machine

/// Takes pages away from an engine, with a fence that says when they may be used again: the
/// TLB flush of amdgpu.
///
/// What it shows: a fence can stand for something that is no job. The page table has lost the page
/// at once, the engine's translations have not; only the engine's own word, behind a flush in its
/// ring, says that nothing reaches the memory any more.
public struct TranslationFlushDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Signals as soon as the page table has changed.
    case believesThePageTable
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let engine: Engine

    init(_ engine: Engine) { self.engine = engine }
  }

  private let state: Object<State>
  private let space: AddressSpace
  private let mistake: Mistake

  /// Looks after the address space of an engine.
  public static func open(_ engine: Engine, _ space: AddressSpace) -> TranslationFlushDriver {
    open(engine, space, .none)
  }

  package static func open(
    _ engine: Engine, _ space: AddressSpace, _ mistake: Mistake
  ) -> TranslationFlushDriver {
    let state = Machine.allocate(alignment: 64, State(engine))
    state.record.queue.initialise(class: "translation flush")
    return TranslationFlushDriver(state: state, space: space, mistake: mistake)
  }

  /// Unmaps a page and has the engine forget it.
  ///
  /// - Returns: The fence after which the page's memory may be used again, with a reference for
  ///   the caller.
  /// - Throws: `tryAgain` where the ring has no room; the page is unmapped even so.
  public func unmap(page: Int) throws(Errno) -> Fence {
    space.unmap(page: page)
    let lock = state.record.queue.lockObject()
    lock.record.lockIRQSave()
    defer { lock.record.unlockIRQRestore() }
    let seqno = state.record.queue.lastSeqno.value &+ 1
    guard state.record.engine.submit(.flushTranslations),
      state.record.engine.submit(.execute(seqno: seqno, nanoseconds: 0))
    else { throw .tryAgain }
    let fence = state.record.queue.makeFence(owner: state, operations: Self.operations)
    if mistake == .believesThePageTable {
      fence.signalLocked()
    } else {
      state.record.queue.append(fence)
    }
    return fence
  }

  /// Signals the flushes that the engine has carried out.
  public func handleInterrupt() {
    state.record.queue.lock.withLockIRQSave {
      state.record.queue.signal(upTo: state.record.engine.completedSeqno)
    }
  }

  /// Ends it, with all fences signaled and the engine stopped.
  public func close() { Self.put(state) }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "translation flush" }, timelineName: { _ in "engine" },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
