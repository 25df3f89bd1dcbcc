import Fences
import Kernel
import Machine
import Scheduler

/// A back end that does what a test says, and keeps a log of what it was asked.
// Safety: coroutines of one OS thread use it one after another.
final class Stage: SchedulerBackEnd, @unchecked Sendable {
  /// One job with all of its fences, each with a reference until the stage ends.
  final class Act {
    let number: Int
    let job: Job
    /// Signaled by the test.
    let hardware: Fence
    fileprivate(set) var scheduled: Fence?
    fileprivate(set) var finished: Fence?

    fileprivate init(_ number: Int, _ job: Job) {
      self.number = number
      self.job = job
      hardware = Stage.fence(context: 5_000, seqno: UInt64(number))
    }

    /// Arms the job and keeps its fences.
    func arm() {
      job.arm()
      scheduled = job.scheduledFence.get()
      finished = job.finishedFence.get()
    }

    var wasScheduled: Bool { scheduled?.testSignaledFlag() ?? false }
    var isOver: Bool { finished?.testSignaledFlag() ?? false }
    var error: Errno? { finished.flatMap { fence in fence.withLock { fence.error } } }
  }

  /// What the device answers instead of the job's hardware fence.
  var onRun: ((Act) -> RunAnswer)?
  var onTimeout: (Act) -> TimeoutAnswer = { _ in .reset }
  private(set) var log: [String] = []
  private var acts: [UInt: Act] = [:]
  private var count = 0
  private var over: [Act] = []

  func scheduler(_ change: (inout SchedulerOptions) -> Void = { _ in }) -> JobScheduler {
    var options = SchedulerOptions()
    change(&options)
    return JobScheduler.make(options, backEnd: self)
  }

  /// A job that is not armed.
  func act(in entity: Entity, credits: UInt32 = 1, after dependencies: Fence...) -> Act {
    let act = Act(count, Job(Machine.allocate(JobStorage())))
    count += 1
    do throws(Errno) {
      try act.job.initialise(in: entity, credits: credits)
      for fence in dependencies { try act.job.addDependency(fence.get()) }
    } catch {
      Machine.expect(false, "there is memory: \(error)")
    }
    acts[act.job.machineAddress] = act
    return act
  }

  /// Submits a job, and lets the worker have a look at it.
  func submit(to entity: Entity, credits: UInt32 = 1, after dependencies: Fence...) -> Act {
    let act = act(in: entity, credits: credits)
    for fence in dependencies { try? act.job.addDependency(fence.get()) }
    act.arm()
    act.job.push()
    pass(microseconds: 100)
    return act
  }

  /// Signals the hardware fence of a job, and lets the worker have a look at it.
  func finish(_ act: Act, _ error: Errno? = nil) {
    if let error { act.hardware.setError(error) }
    act.hardware.signal()
    pass(microseconds: 100)
  }

  /// Gives up a job that was not armed.
  func drop(_ act: Act) { free(act.job) }

  /// Gives every fence back, after the schedulers.
  func end() {
    for act in over {
      act.scheduled?.put()
      act.finished?.put()
      act.hardware.put()
    }
  }

  static func fence(context: UInt64, seqno: UInt64 = 1) -> Fence {
    Fence.make(operations: operations, context: context, seqno: seqno)
  }

  // MARK: - The scheduler's side

  func run(_ job: Job) -> RunAnswer {
    guard let act = acts[job.machineAddress] else { return .done }
    log.append("run \(act.number)")
    return onRun?(act) ?? .submitted(act.hardware.get())
  }

  func timedOut(_ job: Job) -> TimeoutAnswer { acts[job.machineAddress].map(onTimeout) ?? .reset }

  func cancel(_ job: Job) {
    guard let act = acts[job.machineAddress] else { return }
    log.append("cancel \(act.number)")
    if act.hardware.isSignaled() { return }
    act.hardware.setError(.cancelled)
    act.hardware.signal()
  }

  func free(_ job: Job) {
    job.cleanUp()
    if let act = acts.removeValue(forKey: job.machineAddress) {
      log.append("free \(act.number)")
      over.append(act)
    }
    Machine.free(Object<JobStorage>(machineAddress: job.machineAddress))
  }

  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "stage" }, timelineName: { _ in "stage" }))
}
