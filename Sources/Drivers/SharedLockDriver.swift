public import Fences
public import Hardware
public import Kernel
import Machine

/// A driver whose fences share one lock that the driver owns: the oldest locking pattern.
///
/// The lock guards the list of submitted jobs and, being the lock of every fence on it, the fences'
/// transition to signaled. So the interrupt handler takes it once, and signals all finished fences
/// in order while nobody can add a callback in between. The price: the lock must outlive the last
/// reference to the last fence, because even a signaled fence's lock is taken, for example to
/// remove a callback. Each fence therefore owns a part of the driver's memory.
public struct SharedLockDriver: Sendable {
  let state: Object<DriverState>
  private let engine: Engine
  private let line: InterruptLine
  private let thread: KernelThread

  /// Brings the device up.
  ///
  /// - Parameters:
  ///   - processor: The device's own processor.
  ///   - interruptCPU: The CPU whose interrupt handler signals the fences.
  ///   - observer: What a demo wants to know; see ``Observer``.
  public static func open(
    engine: Engine, processor: Int, interruptCPU: Int, observer: Observer = Observer()
  ) -> SharedLockDriver {
    let state = Machine.allocate(alignment: 64, DriverState(context: FenceContext.allocate()))
    state.record.initialise()
    let line = InterruptLine("irq", cpu: interruptCPU) {
      handleInterrupt(state, engine, observer)
    }
    let thread = engine.start(processor: processor, interrupt: line)
    return SharedLockDriver(state: state, engine: engine, line: line, thread: thread)
  }

  /// Hands the engine a job.
  ///
  /// - Parameter nanoseconds: How long the engine will compute.
  /// - Returns: The fence of the job, with a reference for the caller.
  /// - Throws: `tryAgain` if the ring is full.
  /// - Progress: Never sleeps. The lock is held until the job is on the list, so that even an
  ///   engine that is done at once finds it there.
  public func submit(nanoseconds: UInt32) throws(Errno) -> Fence {
    let job = Machine.allocate(alignment: 64, DriverJob(owner: state))
    state.record.lock.lockIRQSave()
    let seqno = state.record.lastSeqno.value &+ 1
    guard engine.submit(.execute(seqno: seqno, nanoseconds: nanoseconds)) else {
      state.record.lock.unlockIRQRestore()
      Machine.free(job)
      throw .tryAgain
    }
    let fence = DriverJob.fence(of: job)
    fence.initialise(
      operations: SharedLockDriver.operations, lock: DriverState.lock(of: state),
      context: state.record.context.value, seqno: UInt64(seqno))
    state.record.references.get()
    state.record.lastSeqno.value = seqno
    // The list's own reference; the handler gives it back.
    fence.get()
    state.record.pending.append(job.record.pending)
    state.record.lock.unlockIRQRestore()
    return fence
  }

  /// Takes the device down.
  ///
  /// Fences that others still hold stay valid.
  ///
  /// - Precondition: Every job's fence has signaled, and the caller may sleep.
  public func close() {
    // The last interrupt may still be pending when the engine has stopped.
    engine.stop(thread)
    line.disconnect()
    engine.free()
    let isIdle = state.record.lock.withLockIRQSave { state.record.pending.isEmpty }
    Kernel.warn(unless: isIdle, "a driver was closed with jobs that never ended")
    DriverState.put(state)
  }

  /// Signals the fences of all jobs that the engine has ended, in the order of submission.
  private static func handleInterrupt(
    _ state: Object<DriverState>, _ engine: Engine, _ observer: Observer
  ) {
    observer.interruptBegan()
    // Interrupts are off in a handler, so the plain form is enough.
    state.record.lock.lock()
    let completed = engine.completedSeqno
    while let node = state.record.pending.first {
      let job = DriverJob.pendingOffset.record(around: node)
      let fence = DriverJob.fence(of: job)
      let seqno = UInt32(truncatingIfNeeded: fence.seqno)
      // Seqnos wrap, so only the sign of the distance counts.
      if Int32(bitPattern: completed &- seqno) < 0 { break }
      node.record.remove()
      fence.signalLocked()
      observer.signaled(fence)
      fence.put()
    }
    state.record.lock.unlock()
  }

  /// The table of all this driver's fences.
  ///
  /// `release` keeps it attached, so the driver can be asked for its names for as long as one of
  /// its fences exists.
  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "shared-lock" },
      timelineName: { _ in "engine" },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: DriverState.self)
        fence.free()
        DriverState.put(state)
      }))
}

extension SharedLockDriver {
  /// Hears of what the interrupt handler does, for a drawing; it must not use the fences.
  public struct Observer: Sendable {
    let interruptBegan: @Sendable () -> Void
    let signaled: @Sendable (Fence) -> Void

    /// An observer; by default one that ignores everything.
    public init(
      interruptBegan: @escaping @Sendable () -> Void = {},
      signaled: @escaping @Sendable (Fence) -> Void = { _ in }
    ) {
      self.interruptBegan = interruptBegan
      self.signaled = signaled
    }
  }
}
