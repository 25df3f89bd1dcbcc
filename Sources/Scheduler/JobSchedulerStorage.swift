internal import Fences
internal import Kernel
internal import Machine

/// The record behind a ``JobScheduler``.
struct JobSchedulerStorage: ~Copyable {
  // First, so that its address is the record's.
  let lock = SpinLock()
  // Guarded by lock:
  let runQueue = RunQueue()
  /// Jobs that the device was given, oldest first; finished ones until they are freed.
  let pending = ListHead()
  /// Jobs of killed entities that need not wait any more for what they waited for last.
  let ending = ListHead()
  /// Jobs of killed entities that are not freed.
  let endingCount = Cell<UInt32>(0)
  let creditsInUse = Cell<UInt32>(0)
  /// Nothing runs and nothing is freed while the device recovers.
  let isPaused = Cell<Bool>(false)
  let isTimerArmed = Cell<Bool>(false)
  /// The number of the job that became pending last, and of the one that the timer was armed for.
  let lastNumber = Cell<UInt64>(0)
  let watchedNumber = Cell<UInt64>(0)
  /// Tasks that sleep until something changes.
  let waiterCount = Cell<UInt32>(0)
  /// Jobs that were pushed and are not over; others look at it to choose a scheduler.
  let load = Word<UInt32>(0)
  /// Whether entities may choose this one.
  let isReady = Word<Bool>(true)
  let changes = WaitQueue()
  // Written once before publication:
  let options: SchedulerOptions
  let backEnd: any SchedulerBackEnd
  let queue: WorkQueue
  let timeoutQueue: WorkQueue
  let timer = Cell<KernelTimer?>(nil)
  let work: WorkItem
  let timeoutWork: WorkItem
  /// A machine cell, so that a use after the scheduler's end is seen.
  let creditLimit: Cell<UInt32>

  init(_ options: SchedulerOptions, backEnd: any SchedulerBackEnd) {
    self.options = options
    self.backEnd = backEnd
    queue = options.queue ?? .make(options.name, cpu: options.cpu)
    timeoutQueue = options.timeoutQueue ?? .system
    creditLimit = Cell(options.creditLimit)
    work = WorkItem { JobScheduler(JobSchedulerStorage.work.record(around: $0)).work() }
    timeoutWork = WorkItem {
      JobScheduler(JobSchedulerStorage.timeoutWork.record(around: $0)).handleTimeout()
    }
  }

  static let work = FieldOffset<JobSchedulerStorage, WorkItem> { $0.work.address }
  static let timeoutWork = FieldOffset<JobSchedulerStorage, WorkItem> { $0.timeoutWork.address }
}
