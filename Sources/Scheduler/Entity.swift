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
  ///   - schedulers: At least one. Jobs go to the one with the least to do, as soon as the jobs
  ///     before are over.
  ///   - guilty: Set when one of its jobs is blamed for a hang; several entities of one client may
  ///     share it. It must outlive them.
  public static func make(
    on schedulers: [JobScheduler], priority: Priority = .normal,
    guilty: Object<Word<Bool>>? = nil
  ) -> Entity {
    precondition(!schedulers.isEmpty, "an entity needs at least one scheduler")
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
    withScheduler { _ in storage.record.priority.value = priority }
  }

  /// Gives the entity other schedulers to choose from (`drm_sched_entity_modify_sched`).
  ///
  /// Jobs that were pushed stay where they are.
  public func setSchedulers(_ schedulers: [JobScheduler]) {
    precondition(!schedulers.isEmpty, "an entity needs at least one scheduler")
    let new = SchedulerList.make(schedulers)
    let old = withScheduler { _ in
      let old = storage.record.candidates.value
      storage.record.candidates.value = new
      return old
    }
    if let old { Machine.free(old) }
  }

  /// The error of the job that was handed to the device last (`drm_sched_entity_error`); nil where
  /// there is none, or none yet.
  public var error: Errno? {
    guard let last = withScheduler({ _ in storage.record.lastScheduled.value?.get() }) else {
      return nil
    }
    defer { last.put() }
    return last.withLock { last.error }
  }

  /// Whether the entity takes no jobs any more.
  public var isStopped: Bool { withScheduler { _ in storage.record.isStopped.value } }

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

  /// Where the entity's jobs go now.
  var scheduler: JobScheduler {
    // acquire[entity.move] ← release in Entity.moveIfIdle(). Sees the entity as it was moved.
    guard let scheduler = storage.record.scheduler.load(.acquire, edge: "entity.move") else {
      preconditionFailure("an entity without a scheduler")
    }
    return scheduler
  }

  /// Runs `body` with the lock of the entity's scheduler held.
  func withScheduler<Result>(_ body: (JobScheduler) -> Result) -> Result {
    while true {
      let scheduler = scheduler
      scheduler.lock()
      if scheduler == self.scheduler {
        defer { scheduler.unlock() }
        return body(scheduler)
      }
      scheduler.unlock()
    }
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
    return withScheduler { scheduler in
      storage.record.lastSeqno.value &+= 1
      return (scheduler, storage.record.priority.value, storage.record.lastSeqno.value)
    }
  }

  /// Moves to the scheduler with the least to do where nothing is left of the jobs before
  /// (`drm_sched_entity_select_rq`).
  ///
  /// Only then: jobs of one entity run in order, and two schedulers know nothing of each other.
  private func moveIfIdle() {
    let (last, mayMove) = withScheduler { _ in
      let hasChoice =
        storage.record.candidates.value.map {
          $0.record.count.value > 1 || $0.record.first.value != scheduler
        } ?? false
      let mayMove = hasChoice && storage.record.firstJob.value == nil
      return (mayMove ? storage.record.lastScheduled.value?.get() : nil, mayMove)
    }
    defer { last?.put() }
    guard mayMove, last?.testSignaledFlag() ?? true else { return }
    withScheduler { old in
      guard let list = storage.record.candidates.value,
        let new = SchedulerList.leastLoaded(list), new != old
      else { return }
      // release[entity.move] → acquire in Entity.scheduler. The entity as the old lock had it.
      storage.record.scheduler.store(new, .release, edge: "entity.move")
    }
  }
}
