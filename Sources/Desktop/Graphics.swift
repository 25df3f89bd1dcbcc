import Drivers
import Fences
import Hardware
import Kernel
import Machine
import Reservations
import Scheduler
import Timeline

/// One engine of the GPU with its driver and its scheduler.
struct Graphics: Sendable {
  private let engine: Engine
  private let driver: ScheduledDriver
  private let line: InterruptLine
  private let thread: KernelThread

  static func open(
    _ name: String, on device: Device, processor: Int, faults: FaultPlan,
    _ timeoutQueue: WorkQueue?, _ recorder: TimelineRecorder?
  ) -> Graphics {
    let engine = Engine.make(name, on: device, faults: faults, recorder: recorder)
    var options = SchedulerOptions()
    options.name = name
    options.creditLimit = Limits.jobsOnDevice
    options.cpu = CPU.interrupts
    if let timeoutQueue {
      options.timeout = Jiffies(Limits.jobMilliseconds)
      // Not the system's: its one worker also waits for the fences of dying buffers.
      options.timeoutQueue = timeoutQueue
    }
    let driver = ScheduledDriver.open(engine, on: device, options)
    let line = InterruptLine("\(name) irq", cpu: CPU.interrupts) { driver.handleInterrupt() }
    return Graphics(
      engine: engine, driver: driver, line: line,
      thread: engine.start(processor: processor, interrupt: line))
  }

  func makeEntity(_ priority: Priority) -> Entity { driver.makeEntity(priority: priority) }

  /// What a job does to buffers, and whom it waits for.
  struct Work {
    /// Waits for writers, without being told.
    var reads: [Buffer] = []
    /// Waits for readers and writers, without being told.
    var writes: [Buffer] = []
    /// Is known to memory management alone, because the client says what to wait for.
    var keeps: [Buffer] = []
    /// What the client says; borrowed.
    var after: [Fence] = []
  }

  /// Submits a job and adds its fence to its buffers, all of them locked together.
  ///
  /// - Returns: The finished fence, with a reference for the caller.
  func submit(
    nanoseconds: UInt32, to entity: Entity, _ work: Work
  ) throws(Errno) -> Fence {
    var locks = ReservationLocks()
    defer { locks.finish() }
    try Self.lock(work.reads + work.writes + work.keeps, &locks)
    let fence = try driver.submit(nanoseconds: nanoseconds, to: entity) { (job) throws(Errno) in
      for fence in work.after { try job.addDependency(fence.get()) }
      for buffer in work.reads { try job.addImplicitDependencies(of: buffer, writes: false) }
      for buffer in work.writes { try job.addImplicitDependencies(of: buffer, writes: true) }
    }
    for buffer in work.reads { buffer.reservation.add(fence, .read) }
    for buffer in work.writes { buffer.reservation.add(fence, .write) }
    for buffer in work.keeps { buffer.reservation.add(fence, .bookkeep) }
    return fence
  }

  /// Takes all locks; whoever would deadlock gives them back and begins with the contended one.
  private static func lock(
    _ buffers: [Buffer], _ locks: inout ReservationLocks
  ) throws(Errno) {
    while locks.needsAnotherTurn() {
      do throws(Errno) {
        try locks.prepare(buffers, slots: 1)
      } catch {
        if !locks.mustRetry { throw error }
      }
    }
  }

  /// Ends the scheduler, after the last entity, and the engine.
  func close() {
    driver.close()
    engine.stop(thread)
    line.disconnect()
    driver.free()
    RCU.barrier()
    engine.free()
  }
}
