import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Timeline

extension SignalErrorScenarios {
  /// What a job's public fence says when its hardware fence fails.
  static func ownFate(_ moment: Moment) -> String {
    schedule { hardware, driver in
      let job = driver.submit(after: nil)
      if moment == .before { together(hardware, .inputOutput) }
      driver.scheduler.start()
      if moment == .waiting { job.enableSignaling() }
      if moment != .before { together(hardware, .inputOutput) }
      return job
    }
  }

  /// What a job's public fence says when a fence that it had to wait for fails.
  static func dependencyFate(_ moment: Moment) -> String {
    schedule { hardware, driver in
      let dependency = Fence.make(operations: Self.driver, context: 900, seqno: 1)
      if moment == .before { together(dependency, .inputOutput) }
      let job = driver.submit(after: dependency)
      driver.scheduler.start()
      if moment == .waiting { job.enableSignaling() }
      if moment != .before { together(dependency, .inputOutput) }
      together(hardware, nil)
      dependency.put()
      return job
    }
  }

  /// Runs one job on the simulated machine, and tells what its public fence says in the end.
  private static func schedule(
    _ story: @escaping @Sendable (_ hardware: Fence, _ driver: ErrorDriver) -> Fence
  ) -> String {
    let report = Simulation.run("an error in a scheduler") { run in
      run.thread("driver", cpu: 0) {
        let hardware = Fence.make(operations: Self.driver, context: 800, seqno: 1)
        let driver = ErrorDriver(hardware)
        let job = story(hardware, driver)
        job.wait()
        run.recorder.instant(word(for: job.status()), on: "cpu 0", at: Machine.clock())
        job.put()
        driver.end()
        hardware.put()
      }
    }
    guard report.isClean else { return "\(report.failures) \(report.stuck) \(report.leaks)" }
    return report.timeline.events.last { ["told", "lost", "pending"].contains($0.label) }?.label
      ?? "nothing"
  }
}

/// A scheduler with one entity, and a device that uses one given fence.
struct ErrorDriver: SchedulerBackEnd {
  private let world: Object<ErrorWorld>
  private let queue: WorkQueue

  init(_ hardware: Fence) {
    world = Machine.allocate(ErrorWorld(hardware))
    queue = WorkQueue.make("worker", cpu: 1)
    var options = SchedulerOptions()
    options.queue = queue
    options.timeoutQueue = queue
    let scheduler = JobScheduler.make(options, backEnd: self)
    scheduler.stop()
    world.record.scheduler.value = scheduler
    world.record.entity.value = Entity.make(on: scheduler)
  }

  var scheduler: JobScheduler {
    guard let scheduler = world.record.scheduler.value else {
      preconditionFailure("a driver without a scheduler")
    }
    return scheduler
  }

  /// Submits the only job.
  ///
  /// - Returns: Its public fence, with a reference.
  func submit(after dependency: Fence?) -> Fence {
    let job = Job(Machine.allocate(JobStorage()))
    guard let entity = world.record.entity.value,
      (try? job.initialise(in: entity)) != nil,
      (try? job.addDependency(dependency?.get())) != nil
    else { preconditionFailure("the simulated machine has memory") }
    job.arm()
    let finished = job.finishedFence.get()
    job.push()
    return finished
  }

  /// Ends everything.
  func end() {
    world.record.entity.value?.destroy()
    scheduler.destroy()
    queue.destroy()
    Machine.free(world)
  }

  func run(_ job: Job) -> RunAnswer { .submitted(world.record.hardware.get()) }

  func timedOut(_ job: Job) -> TimeoutAnswer { .noHang }

  func free(_ job: Job) {
    job.cleanUp()
    Machine.free(Object<JobStorage>(machineAddress: job.machineAddress))
  }
}

/// What the driver's callers share.
struct ErrorWorld: ~Copyable {
  let hardware: Fence
  let scheduler = Cell<JobScheduler?>(nil)
  let entity = Cell<Entity?>(nil)

  init(_ hardware: Fence) { self.hardware = hardware }
}
