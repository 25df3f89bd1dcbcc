internal import Fences
internal import Kernel
public import Machine

/// Feeds one ring of a device with the jobs of many entities (`struct drm_gpu_scheduler`).
///
/// One worker does everything that may take time: it resolves dependencies, hands jobs to the back
/// end, and frees what is over, in order. Hardware fences' callbacks only note what happened and
/// wake it.
///
/// One lock guards the run queue, the list of pending jobs, and the entities that belong here. It
/// is a leaf: no fence is signaled, no callback added and no reference given back under it.
///
/// The handle is trivial; ``destroy()`` ends the scheduler.
public struct JobScheduler: MachineReference, Equatable {
  let storage: Object<JobSchedulerStorage>

  /// The scheduler that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  init(_ storage: Object<JobSchedulerStorage>) { self.storage = storage }

  /// Where the scheduler lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// A scheduler without jobs (`drm_sched_init`).
  public static func make(
    _ options: SchedulerOptions, backEnd: any SchedulerBackEnd
  ) -> JobScheduler {
    let scheduler = JobScheduler(
      Machine.allocate(JobSchedulerStorage(options, backEnd: backEnd)))
    let record = scheduler.storage
    record.record.lock.initialise(class: "scheduler")
    record.record.runQueue.initialise()
    record.record.pending.initialise()
    record.record.ending.initialise()
    record.record.changes.initialise(class: "scheduler queue")
    if options.timeout != .max {
      let timer = KernelTimer.make(options.name, cpu: options.cpu) { _ in
        record.record.timeoutQueue.schedule(JobSchedulerStorage.timeoutWork.field(of: record))
      }
      record.record.timer.value = timer
    }
    return scheduler
  }

  /// The name it was made with.
  public var name: String {
    _ = storage.record.creditLimit.value
    return storage.record.options.name
  }

  /// Jobs that were pushed and are not over, at some moment (`sched->score`).
  public var load: UInt32 {
    // relaxed: stale at once, whatever the ordering.
    storage.record.load.load(.relaxed)
  }

  /// Whether an entity that has a choice may choose it (`sched->ready`); true at first.
  public var isReady: Bool {
    // relaxed: a hint; what was chosen before goes on.
    get { storage.record.isReady.load(.relaxed) }
    // relaxed: as above.
    nonmutating set { storage.record.isReady.store(newValue, .relaxed) }
  }

  /// How much may be on the device at once.
  public var creditLimit: UInt32 { storage.record.creditLimit.value }

  /// The jobs that the device was given, oldest first: for the back end while ``stop(_:)`` holds.
  public var pendingJobs: [Job] {
    var jobs: [Job] = []
    var next = storage.record.pending.first
    while let node = next {
      jobs.append(.around(node))
      next = storage.record.pending.next(after: node)
    }
    return jobs
  }

  // MARK: - Internal

  func lock() { storage.record.lock.lockIRQSave() }

  func unlock() { storage.record.lock.unlockIRQRestore() }

  /// Lets the worker look what there is to do.
  func kick() { storage.record.queue.schedule(JobSchedulerStorage.work.field(of: storage)) }

  /// Lets the worker run and free no job until further notice.
  ///
  /// It still ends killed jobs: a kick that was taken back for those is repeated.
  func pause() {
    let record = storage
    record.record.lock.withLockIRQSave { record.record.isPaused.value = true }
    record.record.queue.cancelAndWait(JobSchedulerStorage.work.field(of: record))
    if !record.record.lock.withLockIRQSave({ record.record.ending.isEmpty }) { kick() }
  }

  /// Whether somebody must be woken after a change; asked with the lock held.
  var hasWaiters: Bool { storage.record.waiterCount.value > 0 }

  func wakeWaiters() { storage.record.changes.wakeAll() }

  /// Sleeps until the claim, asked with the lock held, is true.
  ///
  /// - Returns: The time that is left; zero where it ran out and the claim is false.
  @discardableResult func wait(timeout: Jiffies = .max, until isTrue: () -> Bool) -> Jiffies {
    let count = storage
    storage.record.lock.withLockIRQSave { count.record.waiterCount.value &+= 1 }
    // Uninterruptible, so nothing can be thrown.
    let left = try? storage.record.changes.wait(timeout: timeout) {
      storage.record.lock.withLockIRQSave(isTrue)
    }
    storage.record.lock.withLockIRQSave { count.record.waiterCount.value &-= 1 }
    return left ?? .zero
  }
}
