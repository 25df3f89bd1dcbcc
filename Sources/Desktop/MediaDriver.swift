import Fences
import Hardware
import Kernel
import Machine

/// The decoder's driver: every debated point that a driver can meet, it meets.
///
/// Its fences may share a lock with their stream (``LockPlacementPolicy``), it says with the signal
/// how a frame ended (``ErrorHandoverPolicy``), whoever asks a fence asks the engine
/// (``SignaledBitPolicy``), and in the end it is unloaded while somebody holds a fence of its
/// (``OperationsLifetimePolicy``). A stream ends in the middle of the film, and another begins.
struct MediaDriver: Sendable {
  struct State: ~Copyable {
    let lock = SpinLock()
    // Guarded by lock: what was submitted and has not been signaled, a ring with its oldest entry.
    let pending = InlineArray<8, Cell<Fence?>> { _ in Cell(nil) }
    let first = Cell<Int>(0)
    let count = Cell<Int>(0)
    let lastSeqno = Cell<UInt32>(0)
    /// What the fences of a stream share.
    let stream: Cell<ContextLock?>
    let context: Cell<UInt64>

    init() {
      stream = Cell(ContextLock.make())
      context = Cell(FenceContext.allocate())
      precondition(
        pending.count == Limits.decodesInFlight, "the length of the list is given twice")
    }
  }

  private let state: Object<State>
  private let engine: Engine
  private let operations: Object<FenceOperations>
  private let isBroken: @Sendable (Int) -> Bool
  private let losesOne: Bool
  /// The frame whose signal a test has the driver lose.
  private static let lostFrame = 5

  /// Loads the module.
  ///
  /// - Parameter isBroken: Whether the data of a frame cannot be decoded.
  static func load(
    _ engine: Engine, losesOne: Bool, isBroken: @escaping @Sendable (Int) -> Bool
  ) -> MediaDriver {
    let state = Machine.allocate(alignment: 64, State())
    state.record.lock.initialise(class: "media driver")
    let operations = Machine.allocate(
      FenceOperations(
        driverName: { _ in "media" }, timelineName: { _ in "stream" },
        // Only its own interrupt knows an error that would have to come along.
        isSignaled: {
          $0.isPassed(engine.completedSeqno) && !isBroken(Int($0.seqno))
            && !(losesOne && $0.seqno == lostFrame)
        }))
    return MediaDriver(
      state: state, engine: engine, operations: operations, isBroken: isBroken, losesOne: losesOne)
  }

  /// Decodes a frame.
  ///
  /// - Returns: The fence of the frame, with a reference for the caller.
  /// - Throws: `tryAgain` where too much is under way; nothing is published then.
  func submit(nanoseconds: UInt32) throws(Errno) -> Fence {
    state.record.lock.lockIRQSave()
    defer { state.record.lock.unlockIRQRestore() }
    let count = state.record.count.value
    guard count < Limits.decodesInFlight else { throw .tryAgain }
    let seqno = state.record.lastSeqno.value &+ 1
    guard engine.submit(.execute(seqno: seqno, nanoseconds: nanoseconds)) else { throw .tryAgain }
    state.record.lastSeqno.value = seqno
    let fence = Fence.make(
      operations: operations, of: stream, context: state.record.context.value,
      seqno: UInt64(seqno))
    let place = (state.record.first.value + count) % Limits.decodesInFlight
    state.record.pending[place].value = fence.get()
    state.record.count.value = count + 1
    return fence
  }

  /// Signals what the engine has passed, without the driver's lock.
  func handleInterrupt() {
    while let fence = takeFinished() {
      let frame = Int(fence.seqno)
      if !(losesOne && frame == Self.lostFrame) {
        fence.signal(error: isBroken(frame) ? .inputOutput : nil)
      }
      fence.put()
    }
  }

  /// Ends a stream, all of whose fences are signaled, and begins another.
  func restart() {
    stream.close()
    state.record.stream.value = ContextLock.make()
    state.record.context.value = FenceContext.allocate()
  }

  /// Unloads the module.
  ///
  /// - Returns: Whether it could be: not while fences keep it.
  func unload() -> Bool {
    do throws(Errno) { try FenceOperations.unload(operations) } catch { return false }
    return true
  }

  /// Gives the driver's memory back, after ``unload()`` and with no interrupt to come.
  func free() {
    stream.close()
    Machine.free(state)
  }

  private var stream: ContextLock {
    guard let stream = state.record.stream.value else {
      preconditionFailure("the decoder always has a stream")
    }
    return stream
  }

  private func takeFinished() -> Fence? {
    state.record.lock.withLockIRQSave {
      let first = state.record.first.value
      guard state.record.count.value > 0, let fence = state.record.pending[first].value,
        fence.isPassed(engine.completedSeqno)
      else { return nil }
      state.record.pending[first].value = nil
      state.record.first.value = (first + 1) % Limits.decodesInFlight
      state.record.count.value -= 1
      return fence
    }
  }
}

extension Fence {
  /// Whether the engine has passed it; seqnos wrap, so only the sign of the distance counts.
  fileprivate func isPassed(_ completed: UInt32) -> Bool {
    Int32(bitPattern: completed &- UInt32(truncatingIfNeeded: seqno)) >= 0
  }
}
