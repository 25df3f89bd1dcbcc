public import Fences
public import Hardware
public import Kernel
import Machine

/// A driver that trusts neither interrupts nor engines nor that the device is still there.
///
/// After radeon, whose callbacks could not be relied on during a reset.
///
/// What it shows: the seqno in memory is the truth, and an interrupt is only a hint to look at it.
/// A watchdog looks anyway. Where it sees jobs and no progress it resets the engine:
/// the oldest job ends with `timeExpired`, those behind it with `cancelled`. So every published
/// fence is signaled in finite time, whatever the device does.
public struct PollingDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Signals one fence for each interrupt.
    case countsInterrupts
  }

  private let state: Object<PollingState>
  private let watchdog: KernelThread?

  /// Brings the device up; somebody connects its interrupt to ``handleInterrupt()``.
  ///
  /// - Parameters:
  ///   - seqno: Where the engine's seqno begins.
  ///   - watchdogCPU: Where the watchdog runs.
  ///   - patience: After how much time without progress the engine counts as hung.
  public static func open(
    _ engine: Engine, on device: Device, completed seqno: UInt32 = 0, watchdogCPU: Int,
    patience: Jiffies = Jiffies(20)
  ) -> PollingDriver {
    let state = make(engine, device, seqno, patience, .none)
    let watchdog = KernelThread.start("watchdog", cpu: watchdogCPU) { PollingState.watch(state) }
    return PollingDriver(state: state, watchdog: watchdog)
  }

  /// A driver whose watchdog never comes, so that a scenario can say when somebody looks.
  package static func openWithoutWatchdog(
    _ engine: Engine, on device: Device, _ mistake: Mistake = .none
  ) -> PollingDriver {
    PollingDriver(state: make(engine, device, 0, Jiffies(20), mistake), watchdog: nil)
  }

  private static func make(
    _ engine: Engine, _ device: Device, _ seqno: UInt32, _ patience: Jiffies, _ mistake: Mistake
  ) -> Object<PollingState> {
    let state = Machine.allocate(
      alignment: 64, PollingState(engine, device, patience, mistake, seqno))
    state.record.queue.initialise(class: "polling driver")
    state.record.queue.lastSeqno.value = seqno
    return state
  }

  /// Hands the engine a job.
  ///
  /// - Returns: The fence of the job, with a reference for the caller.
  /// - Throws: `tryAgain` if the ring is full or a reset is under way, `noDevice` if the device is
  ///   gone, `noMemory` without memory. Nothing is published then.
  public func submit(nanoseconds: UInt32) throws(Errno) -> Fence {
    guard let job = Machine.tryAllocate(DriverJob(owner: state)) else { throw .noMemory }
    let queue = state.record.queue.lockObject()
    queue.record.lockIRQSave()
    let refusal = state.record.submit(job, nanoseconds, owner: state)
    queue.record.unlockIRQRestore()
    if let refusal {
      Machine.free(job)
      throw refusal
    }
    return DriverJob.fence(of: job)
  }

  /// The device says that something is over; how often it says so means nothing.
  public func handleInterrupt() {
    let queue = state.record.queue.lockObject()
    queue.record.lockIRQSave()
    if state.record.mistake == .countsInterrupts {
      state.record.signalOne()
    } else {
      state.record.look()
    }
    queue.record.unlockIRQRestore()
  }

  /// Looks at the seqno, as the watchdog does.
  public func poll() { state.record.queue.lock.withLockIRQSave { state.record.look() } }

  /// Waits for everything that was submitted, and stops the watchdog.
  ///
  /// - Precondition: Nobody submits any more, the device can still raise interrupts, and the caller
  ///   may sleep.
  public func close() {
    while !state.record.queue.lock.withLockIRQSave({ state.record.queue.pending.isEmpty }) {
      Machine.delay(nanoseconds: Jiffies.nanosecondsPerJiffy)
    }
    // relaxed: the watchdog looks again, and the join orders.
    state.record.mustStop.store(true, .relaxed)
    watchdog?.join()
  }

  /// Gives the driver's part of its memory back; fences that others hold stay valid.
  ///
  /// - Precondition: ``close()`` has returned, and no interrupt can come any more.
  public func free() { PollingState.put(state) }
}
