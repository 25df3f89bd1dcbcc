internal import Fences
internal import Kernel
internal import Machine

/// The record behind an ``Entity``.
///
/// Nearly all of it is guarded by the lock of the scheduler that it names. That word changes only
/// while the entity has no job, by whoever arms the next one, with the old scheduler's lock held.
struct EntityStorage: ~Copyable {
  let scheduler: Word<JobScheduler?>
  let references = ReferenceCount(1)
  // Written once before publication:
  /// The client's flag, which several entities may share; nil where nobody asks.
  let guilty: Object<Word<Bool>>?
  /// The first of two numbers, for scheduled and finished fences.
  let context: Cell<UInt64>
  // Guarded by the scheduler's lock:
  let lastSeqno = Cell<UInt64>(0)
  let priority: Cell<Priority>
  let candidates: Cell<Object<SchedulerList>?>
  let firstJob = Cell<Job?>(nil)
  let lastJob = Cell<Job?>(nil)
  /// The finished fence of the job that left the queue last, with a reference.
  let lastScheduled = Cell<Fence?>(nil)
  /// The finished fence of the job that was killed last, with a reference.
  let lastKilled = Cell<Fence?>(nil)
  let isStopped = Cell<Bool>(false)
  /// Whether the entity is in the run queue.
  let isWaiting = Cell<Bool>(false)
  /// Whether the worker looks at the first job.
  let isClaimed = Cell<Bool>(false)
  /// What the first job waits for, with a reference; the callback ends it.
  let dependency = Cell<Fence?>(nil)
  let callback = FenceCallback()
  let turn = ListNode()
  let key = Cell<UInt64>(0)
  let fairTime = Cell<UInt64>(0)

  init(
    _ candidates: Object<SchedulerList>, priority: Priority, guilty: Object<Word<Bool>>?
  ) {
    self.guilty = guilty
    scheduler = Word(candidates.record.first.value)
    context = Cell(FenceContext.allocate(2))
    self.priority = Cell(priority)
    self.candidates = Cell(candidates)
  }

  static let callback = FieldOffset<EntityStorage, FenceCallback> { $0.callback.address }
  static let turn = FieldOffset<EntityStorage, ListNode> { $0.turn.address }
}

/// Schedulers among which an entity may choose, in the words behind the record.
struct SchedulerList: ~Copyable {
  let count: Cell<Int>
  let first: Cell<JobScheduler?>

  static func make(_ schedulers: [JobScheduler]) -> Object<SchedulerList> {
    let list = Machine.allocate(
      SchedulerList(count: Cell(schedulers.count), first: Cell(schedulers.first)),
      trailingWords: schedulers.count)
    for (index, scheduler) in schedulers.enumerated() {
      // relaxed: nobody else can see the list yet.
      list.trailingWord(index).record.store(scheduler.machineAddress, .relaxed)
    }
    return list
  }

  /// The ready scheduler with the least to do, the first of equals (`drm_sched_pick_best`).
  static func leastLoaded(_ list: Object<SchedulerList>) -> JobScheduler? {
    var best: JobScheduler?
    var bestLoad = UInt32.max
    for index in 0..<list.record.count.value {
      // relaxed: the list does not change.
      let word = list.trailingWord(index).record.load(.relaxed)
      let scheduler = JobScheduler(machineAddress: word)
      guard scheduler.isReady else { continue }
      let load = scheduler.load
      if best == nil || load < bestLoad {
        best = scheduler
        bestLoad = load
      }
    }
    return best
  }
}
