public import Fences
public import Hardware
public import Kernel
import Machine
public import Scheduler

/// A driver that leaves its queue to the scheduler: as in panfrost, v3d and lima.
///
/// What it shows: every job has two fences. The *hardware fence* is the driver's own; the
/// interrupt signals it, and only the scheduler waits for it. What others get is the scheduler's
/// *finished* fence, which exists before the device has seen the job. The hardware fence's memory
/// is made with the job, because nothing may be allocated once the finished fence is published.
/// It has three owners, each with a reference: the driver's list, the scheduler and the job.
public struct ScheduledDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Forgets the hardware fence's memory where there is none for the rest of the job.
    case forgetsWhatItPrepared
  }

  private let state: Object<ScheduledState>
  private let scheduler: JobScheduler

  /// Brings the device up.
  ///
  /// - Parameters:
  ///   - options: What the scheduler is like. It is never given more credits than the engine's
  ///     ring has room.
  public static func open(
    _ engine: Engine, on device: Device, completed seqno: UInt32 = 0,
    _ options: SchedulerOptions = SchedulerOptions()
  ) -> ScheduledDriver { open(engine, on: device, completed: seqno, options, .none) }

  package static func open(
    _ engine: Engine, on device: Device, completed seqno: UInt32 = 0,
    _ options: SchedulerOptions, _ mistake: Mistake
  ) -> ScheduledDriver {
    let state = Machine.allocate(alignment: 64, ScheduledState(engine, device, mistake))
    state.record.queue.initialise(class: "hardware fences")
    state.record.queue.lastSeqno.value = seqno
    var options = options
    options.creditLimit = min(options.creditLimit, UInt32(Hardware.Limits.ringSlotCount))
    let scheduler = JobScheduler.make(options, backEnd: ScheduledBackEnd(state: state))
    state.record.scheduler.value = scheduler
    return ScheduledDriver(state: state, scheduler: scheduler)
  }

  /// A queue of one client; its ``Entity/destroy()`` comes before ``close()``.
  public func makeEntity(priority: Priority = .normal) -> Entity {
    Entity.make(on: scheduler, priority: priority)
  }

  /// Submits a job that runs after a fence.
  ///
  /// - Parameter dependency: Its reference is taken over, whatever happens.
  /// - Returns: The finished fence, with a reference for the caller.
  /// - Throws: `noMemory`. Nothing is published then.
  public func submit(
    nanoseconds: UInt32, to entity: Entity, after dependency: Fence? = nil
  ) throws(Errno) -> Fence {
    var dependency = dependency
    defer { dependency?.put() }
    return try submit(nanoseconds: nanoseconds, to: entity) { (job) throws(Errno) in
      let taken = dependency
      dependency = nil
      try job.addDependency(taken)
    }
  }

  /// Submits a job that waits for whatever `prepare` makes it wait for.
  ///
  /// Whoever holds the locks of the job's buffers around this call may add the fence to their
  /// reservations before giving the locks back.
  ///
  /// - Parameter prepare: Adds dependencies, and may fail.
  /// - Returns: The finished fence, with a reference for the caller.
  /// - Throws: What `prepare` throws; `noMemory`. Nothing is published then.
  public func submit(
    nanoseconds: UInt32, to entity: Entity, _ prepare: (Job) throws(Errno) -> Void
  ) throws(Errno) -> Fence {
    guard let record = ScheduledJob.make(state, nanoseconds) else { throw .noMemory }
    let job = Job(machineAddress: record.machineAddress)
    do throws(Errno) {
      try job.initialise(in: entity)
    } catch {
      ScheduledJob.free(record)
      throw error
    }
    do throws(Errno) {
      try prepare(job)
    } catch {
      job.cleanUp()
      ScheduledJob.free(record)
      throw error
    }
    job.arm()
    // From the push on the job may be over and freed.
    let finished = job.finishedFence.get()
    job.push()
    return finished
  }

  /// The interrupt: signals the hardware fences of what the engine has ended.
  public func handleInterrupt() { state.record.queue.lock.withLockIRQSave { state.record.look() } }

  /// Ends the scheduler, after the last entity; what the device has not ended is cancelled.
  ///
  /// - Precondition: The caller may sleep.
  public func close() { scheduler.destroy() }

  /// Gives the driver's part back, when the engine has stopped and its line is disconnected.
  public func free() { ScheduledState.put(state) }
}
