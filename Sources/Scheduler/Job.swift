public import Fences
public import Kernel
public import Machine

/// Work for a device, from the driver's first thought of it until the scheduler gives it back
/// (`struct drm_sched_job`).
///
/// Three steps lead to the device. ``initialise(in:credits:)`` and ``addDependency(_:)`` may fail.
/// ``arm()`` is the point of no return: from there the job has fences that others may wait for, so
/// everything that the rest needs is in place. ``push()`` hands the job over; it may be gone when
/// that call returns. The handle is trivial.
public struct Job: MachineReference, Equatable {
  let storage: Object<JobStorage>

  /// The job that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The job inside a driver's record.
  public init(_ storage: Object<JobStorage>) { self.storage = storage }

  /// Where the job lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// Prepares a job (`drm_sched_job_init`).
  ///
  /// - Parameter credits: What the job takes of its scheduler's ``SchedulerOptions/creditLimit``.
  /// It says nothing of an entity that was killed: such a job ends when it is pushed.
  ///
  /// - Throws: `noEntry` where the entity has no scheduler, or none of several is ready;
  ///   `invalidArgument` for a job of no credits; `noMemory`. Then there is nothing to clean up.
  public func initialise(in entity: Entity, credits: UInt32 = 1) throws(Errno) {
    if !entity.isServed { throw .noEntry }
    if credits == 0 { throw .invalidArgument }
    guard let fences = SchedulerFence.make() else { throw .noMemory }
    let record = storage
    record.record.entity.value = entity.get()
    record.record.fences.value = fences
    record.record.credits.value = credits
    record.record.scheduler.value = nil
    record.record.firstDependency.value = nil
    record.record.predecessor.value = nil
    record.record.awaited.value = nil
    record.record.nextInEntity.value = nil
    record.record.isDone.value = false
    record.record.isDetached.value = false
    record.record.karma.value = 0
    record.record.place.initialise()
  }

  /// Gives the job its fences and its scheduler (`drm_sched_job_arm`).
  ///
  /// - Precondition: ``push()`` follows, and jobs of one entity are armed and pushed in one order:
  ///   both under one lock of the driver's, or by one thread.
  public func arm() {
    restartDependencies()
    let entity = entity
    let (scheduler, priority, seqno) = entity.beginJob()
    storage.record.scheduler.value = scheduler
    storage.record.priority.value = priority
    fences.initialise(scheduler: scheduler, context: entity.context, seqno: seqno)
  }

  /// Makes others wait until the device is done with this job even where they could follow it in
  /// the device's own order (`DRM_SCHED_FENCE_DONT_PIPELINE`).
  ///
  /// - Precondition: Before ``arm()``.
  public func forbidPipelining() { fences.storage.record.maySkipAhead.value = false }

  /// Hands the job over (`drm_sched_entity_push_job`).
  ///
  /// A job of an entity that was killed ends with `noProcess`, after the jobs before it.
  ///
  /// - Progress: Never sleeps.
  public func push() { scheduler.enqueue(self, entity) }

  /// Ends the job's part in the scheduler (`drm_sched_job_cleanup`).
  ///
  /// Before ``arm()`` it undoes ``initialise(in:credits:)``. Afterwards the fences live on as long
  /// as somebody holds them.
  ///
  /// - Ordering: The hardware fence's callback has run to its end, so the job's memory may go.
  public func cleanUp() {
    storage.record.predecessor.value?.put()
    dropDependencies()
    if isArmed {
      waitForCallback()
      finishedFence.put()
    } else {
      fences.discard()
    }
    entity.put()
  }

  // MARK: - Asking

  /// Signaled when the device was given the job.
  ///
  /// Takes no reference.
  public var scheduledFence: Fence { fences.scheduled }

  /// Signaled when the job is over, with its error: what other drivers may see.
  ///
  /// Takes no reference.
  public var finishedFence: Fence { fences.finished }

  /// The device's own fence, which belongs to the driver; nil before the job runs.
  ///
  /// Takes no reference.
  public var hardwareFence: Fence? { fences.parent }

  /// The entity that the job was made for.
  public var entity: Entity {
    guard let entity = storage.record.entity.value else {
      preconditionFailure("a job was used that was never initialised")
    }
    return entity
  }

  /// How urgent the job was when it was armed.
  public var priority: Priority { storage.record.priority.value }

  /// How often the job was to blame for a hang.
  public var karma: UInt32 { storage.record.karma.value }

  // MARK: - Internal

  var fences: SchedulerFence {
    guard let fences = storage.record.fences.value else {
      preconditionFailure("a job was used that was never initialised")
    }
    return fences
  }

  var scheduler: JobScheduler {
    guard let scheduler = storage.record.scheduler.value else {
      preconditionFailure("a job was pushed that was never armed")
    }
    return scheduler
  }

  var isArmed: Bool { storage.record.scheduler.value != nil }

  var callback: Object<FenceCallback> { JobStorage.callback.field(of: storage) }

  /// Waits until the hardware fence's callback does not run, by taking the lock that it runs under.
  func waitForCallback() { _ = fences.parent?.removeCallback(callback) }

  static func around(_ node: Object<ListNode>) -> Job {
    Job(JobStorage.place.record(around: node))
  }

  static func around(_ callback: Object<FenceCallback>) -> Job {
    Job(JobStorage.callback.record(around: callback))
  }
}
