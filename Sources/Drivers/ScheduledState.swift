import Fences
import Hardware
import Kernel
import Machine
import Scheduler

/// The record of the scheduler-based driver.
struct ScheduledState: ~Copyable {
  /// The hardware fences of what the device was given.
  let queue = FenceQueue()
  let engine: Engine
  let device: Device
  let mistake: ScheduledDriver.Mistake
  // Written once before the first job:
  let scheduler = Cell<JobScheduler?>(nil)

  init(_ engine: Engine, _ device: Device, _ mistake: ScheduledDriver.Mistake) {
    self.engine = engine
    self.device = device
    self.mistake = mistake
  }

  /// Signals what the engine has passed, with the queue's lock held.
  borrowing func look() { queue.signal(upTo: engine.completedSeqno) }

  /// Signals everything after a reset, with the queue's lock held: one job is to blame, and the
  /// rest is lost with it.
  borrowing func endReset() {
    // What the engine did before it was reset counts.
    look()
    guard device.isPresent else { return queue.signalAll(.noDevice) }
    guard let node = queue.pending.first else { return }
    let guilty = DriverJob.fence(on: node)
    guilty.setError(.timeExpired)
    queue.signal(upTo: guilty.deviceSeqno)
    queue.signalAll(.cancelled)
  }

  static func put(_ state: Object<ScheduledState>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  /// The table of the hardware fences.
  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "scheduled" }, timelineName: { _ in "engine" },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: ScheduledState.self)
        fence.free()
        put(state)
      }))
}

/// A job of the scheduler with what the device needs of it.
struct ScheduledJob: ~Copyable {
  // First, so that the scheduler's handle leads here.
  let job = JobStorage()
  /// The memory of the hardware fence.
  let hardware: Object<DriverJob>
  let nanoseconds: UInt32
  // Owned by the worker: whether the device was given the job.
  let wasRun = Cell<Bool>(false)

  private init(_ hardware: Object<DriverJob>, _ nanoseconds: UInt32) {
    self.hardware = hardware
    self.nanoseconds = nanoseconds
  }

  /// Everything that a job will need, while failing is still possible.
  static func make(
    _ state: Object<ScheduledState>, _ nanoseconds: UInt32
  ) -> Object<ScheduledJob>? {
    guard let hardware = Machine.tryAllocate(alignment: 64, DriverJob(owner: state)) else {
      return nil
    }
    let job = Machine.tryAllocate(ScheduledJob(hardware, nanoseconds))
    if job == nil, state.record.mistake != .forgetsWhatItPrepared { Machine.free(hardware) }
    return job
  }

  /// Frees a job that nobody uses any more; a hardware fence that others saw has its own life.
  static func free(_ job: Object<ScheduledJob>) {
    if job.record.wasRun.value {
      DriverJob.fence(of: job.record.hardware).put()
    } else {
      Machine.free(job.record.hardware)
    }
    Machine.free(job)
  }
}

/// What the driver does for its scheduler.
struct ScheduledBackEnd: SchedulerBackEnd {
  let state: Object<ScheduledState>

  func run(_ job: Job) -> RunAnswer {
    let record = Object<ScheduledJob>(machineAddress: job.machineAddress)
    let fence = DriverJob.fence(of: record.record.hardware)
    // After a reset: the fence says by now how the job ended.
    if record.record.wasRun.value { return .submitted(fence.get()) }
    guard state.record.device.isPresent else { return .failed(.noDevice) }
    let queue = state.record.queue.lockObject()
    queue.record.lockIRQSave()
    defer { queue.record.unlockIRQRestore() }
    let seqno = state.record.queue.lastSeqno.value &+ 1
    let packet = CommandPacket.execute(seqno: seqno, nanoseconds: record.record.nanoseconds)
    guard state.record.engine.submit(packet) else { return .failed(.tryAgain) }
    state.record.queue.lastSeqno.value = seqno
    state.record.queue.references.get()
    record.record.wasRun.value = true
    record.record.hardware.record.pending.initialise()
    fence.initialise(
      operations: ScheduledState.operations, lock: queue,
      context: state.record.queue.context.value, seqno: UInt64(seqno))
    state.record.queue.append(fence)
    // One reference is the job's, one the list's, one the scheduler's.
    return .submitted(fence.get())
  }

  func timedOut(_ job: Job) -> TimeoutAnswer {
    guard let scheduler = state.record.scheduler.value else { return .noDevice }
    let isOver = state.record.queue.lock.withLockIRQSave {
      state.record.look()
      return job.hardwareFence?.testSignaledFlagLocked() ?? true
    }
    // The interrupt was lost, or comes late; the callback has told the scheduler.
    if isOver { return .noHang }
    scheduler.stop(job)
    let request = state.record.queue.lock.withLockIRQSave { state.record.engine.requestReset() }
    state.record.engine.awaitReset(request)
    state.record.queue.lock.withLockIRQSave { state.record.endReset() }
    scheduler.resubmit()
    scheduler.start()
    return .reset
  }

  func cancel(_ job: Job) {
    let record = Object<ScheduledJob>(machineAddress: job.machineAddress)
    guard record.record.wasRun.value else { return }
    let hardware = record.record.hardware
    let fence = DriverJob.fence(of: hardware)
    let isListed = state.record.queue.lock.withLockIRQSave {
      guard !hardware.record.pending.isAlone else { return false }
      hardware.record.pending.remove()
      fence.setError(.cancelled)
      fence.signalLocked()
      return true
    }
    if isListed { fence.put() }
  }

  func free(_ job: Job) {
    job.cleanUp()
    ScheduledJob.free(Object<ScheduledJob>(machineAddress: job.machineAddress))
  }
}
