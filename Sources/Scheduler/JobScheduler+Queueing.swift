internal import Fences
internal import Kernel
internal import Machine

extension JobScheduler {
  /// Appends an armed job to its entity's queue.
  func enqueue(_ job: Job, _ entity: Entity) {
    let now = Machine.clock()
    // relaxed: statistics, for whoever chooses a scheduler.
    _ = storage.record.load.fetchAdd(1, .relaxed)
    lock()
    let record = entity.storage
    // Where the killer still has jobs to take, it takes this one after them.
    if record.record.isStopped.value, !record.record.isClaimed.value,
      record.record.firstJob.value == nil
    {
      entity.follow(job)
      unlock()
      return endOnceReady(job)
    }
    job.storage.record.submitted.value = now
    if let last = record.record.lastJob.value {
      last.storage.record.nextInEntity.value = job
    } else {
      record.record.firstJob.value = job
    }
    record.record.lastJob.value = job
    let isReady = queueIfReady(entity)
    unlock()
    if isReady { kick() }
  }

  /// Lets the entity wait for its turn if its first job could run, with the lock held.
  ///
  /// - Returns: Whether there is something new for the worker to do.
  @discardableResult func queueIfReady(_ entity: Entity) -> Bool {
    let record = entity.storage
    guard !record.record.isWaiting.value, !record.record.isClaimed.value,
      let job = record.record.firstJob.value, record.record.dependency.value == nil,
      !record.record.isStopped.value
    else { return false }
    record.record.isWaiting.value = true
    storage.record.runQueue.insert(
      entity, policy: storage.record.options.policy,
      submitted: job.storage.record.submitted.value)
    return true
  }

  /// The entity whose turn it is, for the worker alone; with the lock held.
  ///
  /// Where the credits do not suffice for its job, nobody else overtakes it: a big job would wait
  /// for ever.
  func claimNext() -> Entity? {
    guard let entity = storage.record.runQueue.first,
      let job = entity.storage.record.firstJob.value
    else { return nil }
    let limit = storage.record.creditLimit.value
    let credits = job.storage.record.credits.value
    Kernel.warn(unless: credits <= limit, "a job asks for \(credits) credits of \(limit)")
    if credits > limit { job.storage.record.credits.value = limit }
    guard min(credits, limit) <= limit &- storage.record.creditsInUse.value else { return nil }
    storage.record.runQueue.take(entity)
    entity.storage.record.isWaiting.value = false
    entity.storage.record.isClaimed.value = true
    return entity
  }

  /// Takes the claimed entity's first job off its queue.
  func dequeue(_ job: Job, _ entity: Entity) {
    let record = entity.storage
    let finished = job.finishedFence.get()
    lock()
    record.record.firstJob.value = job.storage.record.nextInEntity.value
    if record.record.firstJob.value == nil { record.record.lastJob.value = nil }
    let before = record.record.lastScheduled.value
    record.record.lastScheduled.value = finished
    storage.record.creditsInUse.value &+= job.storage.record.credits.value
    unlock()
    before?.put()
  }

  /// Ends the worker's claim.
  func giveFree(_ entity: Entity) {
    lock()
    entity.storage.record.isClaimed.value = false
    queueIfReady(entity)
    let mustWake = hasWaiters
    unlock()
    if mustWake { wakeWaiters() }
  }

  /// Counts what the device did for the entity, with the lock held.
  func charge(_ entity: Entity, _ weighedTime: UInt64) {
    entity.storage.record.fairTime.value &+= weighedTime
    let policy = storage.record.options.policy
    guard policy == .fair, entity.storage.record.isWaiting.value,
      entity.scheduler == self
    else { return }
    entity.storage.record.turn.remove()
    storage.record.runQueue.insert(entity, policy: policy, submitted: 0)
  }
}
