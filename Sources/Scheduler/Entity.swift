internal import Fences
public import Kernel
public import Machine

/// A queue of jobs that run in order: one context of one client (`struct drm_sched_entity`).
///
/// Its jobs' fences form two timelines, one of scheduled and one of finished fences. The handle is
/// trivial; ``destroy()`` ends the entity, and its memory goes with its last job.
public struct Entity: MachineReference, Equatable {
  let storage: Object<EntityStorage>

  /// The entity that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the entity lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// An empty queue (`drm_sched_entity_init`).
  ///
  /// - Parameters:
  ///   - schedulers: Jobs go to the ready one with the least to do, as soon as the jobs before are
  ///     over. An entity of none never takes a job.
  ///   - guilty: Set when one of its jobs is blamed for a hang; several entities of one client may
  ///     share it. It must outlive them.
  public static func make(
    on schedulers: [JobScheduler], priority: Priority = .normal,
    guilty: Object<Word<Bool>>? = nil
  ) -> Entity {
    let record = EntityStorage(
      SchedulerList.make(schedulers), priority: priority, guilty: guilty)
    let entity = Entity(machineAddress: Machine.allocate(record).machineAddress)
    entity.storage.record.turn.initialise()
    return entity
  }

  /// An empty queue of one scheduler.
  public static func make(
    on scheduler: JobScheduler, priority: Priority = .normal, guilty: Object<Word<Bool>>? = nil
  ) -> Entity {
    make(on: [scheduler], priority: priority, guilty: guilty)
  }

  /// The context of the scheduled fences; that of the finished fences is one more.
  public var context: UInt64 { storage.record.context.value }

  /// How urgent the next jobs are (`drm_sched_entity_set_priority`).
  ///
  /// It counts from the next time that the entity waits for its turn.
  public func setPriority(_ priority: Priority) {
    _ = withScheduler { _ in storage.record.priority.value = priority }
  }

  /// Gives the entity other schedulers to choose from (`drm_sched_entity_modify_sched`).
  ///
  /// Jobs that were pushed stay where they are. With none, which is warned about, the next ones go
  /// there, too.
  public func setSchedulers(_ schedulers: [JobScheduler]) {
    Kernel.warn(
      unless: !schedulers.isEmpty, "an entity was given no scheduler to choose from")
    let new = schedulers.isEmpty ? nil : SchedulerList.make(schedulers)
    let old = withScheduler { _ in
      let old = storage.record.candidates.value
      storage.record.candidates.value = new
      return old
    }
    // An entity without a scheduler does not come by one later.
    if let unused = old ?? new { Machine.free(unused) }
  }

  /// The error of the job that was handed to the device last (`drm_sched_entity_error`); nil where
  /// there is none, or none yet.
  public var error: Errno? {
    guard let last = withScheduler({ _ in storage.record.lastScheduled.value?.get() }) ?? nil
    else { return nil }
    defer { last.put() }
    return last.withLock { last.error }
  }

  /// Whether the entity takes no jobs any more.
  public var isStopped: Bool { withScheduler { _ in storage.record.isStopped.value } ?? false }

  /// Whether one of its client's jobs was blamed for a hang; false where the entity has no flag.
  public var isGuilty: Bool {
    // relaxed: a job that just misses it runs.
    storage.record.guilty?.record.load(.relaxed) ?? false
  }

  // MARK: - Internal

  @discardableResult func get() -> Entity {
    storage.record.references.get()
    return self
  }

  func put() {
    guard storage.record.references.put() else { return }
    storage.record.lastScheduled.value?.put()
    storage.record.lastKilled.value?.put()
    if let list = storage.record.candidates.value { Machine.free(list) }
    Machine.free(storage)
  }

  /// Where the entity's jobs go now; nil where it was given no scheduler.
  var scheduler: JobScheduler? {
    // acquire[entity.move] ← release in Entity.moveIfIdle(). Sees the entity as it was moved.
    storage.record.scheduler.load(.acquire, edge: "entity.move")
  }

  /// Runs `body` with the lock of the entity's scheduler held.
  ///
  /// - Returns: What it returns; nil where there is no scheduler.
  func withScheduler<Result>(_ body: (JobScheduler) -> Result) -> Result? {
    while let scheduler {
      scheduler.lock()
      if scheduler == self.scheduler {
        defer { scheduler.unlock() }
        return body(scheduler)
      }
      scheduler.unlock()
    }
    return nil
  }

  var key: UInt64 { storage.record.key.value }

  var callback: Object<FenceCallback> { EntityStorage.callback.field(of: storage) }

  static func around(_ node: Object<ListNode>) -> Entity {
    Entity(machineAddress: EntityStorage.turn.record(around: node).machineAddress)
  }

  static func around(_ callback: Object<FenceCallback>) -> Entity {
    Entity(machineAddress: EntityStorage.callback.record(around: callback).machineAddress)
  }
}

extension Entity {
  /// Where the next job goes, its priority and its number, for whoever arms it.
  func beginJob() -> (JobScheduler, Priority, seqno: UInt64) {
    moveIfIdle()
    let answer = withScheduler { scheduler in
      storage.record.lastSeqno.value &+= 1
      return (scheduler, storage.record.priority.value, storage.record.lastSeqno.value)
    }
    guard let answer else { preconditionFailure("a job of an entity without a scheduler") }
    return answer
  }

  /// Whether a job would find a scheduler that it may go to.
  var isServed: Bool {
    withScheduler { scheduler in
      choice(beside: scheduler).map { SchedulerList.leastLoaded($0) != nil } ?? true
    } ?? false
  }

  /// What the entity may choose from, with the lock held; nil where it has no choice.
  private func choice(beside scheduler: JobScheduler) -> Object<SchedulerList>? {
    guard let list = storage.record.candidates.value,
      list.record.count.value > 1 || list.record.first.value != scheduler
    else { return nil }
    return list
  }

  /// Moves to the scheduler with the least to do where nothing is left of the jobs before
  /// (`drm_sched_entity_select_rq`).
  ///
  /// Only then: jobs of one entity run in order, and two schedulers know nothing of each other.
  /// Where none is ready it stays.
  private func moveIfIdle() {
    let answer = withScheduler { scheduler in
      let mayMove = choice(beside: scheduler) != nil && storage.record.firstJob.value == nil
      return (mayMove ? storage.record.lastScheduled.value?.get() : nil, mayMove)
    }
    guard let (last, mayMove) = answer else { return }
    defer { last?.put() }
    guard mayMove, last?.testSignaledFlag() ?? true else { return }
    _ = withScheduler { old in
      guard let list = storage.record.candidates.value,
        let new = SchedulerList.leastLoaded(list), new != old
      else { return }
      // release[entity.move] → acquire in Entity.scheduler. The entity as the old lock had it.
      storage.record.scheduler.store(new, .release, edge: "entity.move")
    }
  }
}
