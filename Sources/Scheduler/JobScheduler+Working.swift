internal import Fences
internal import Kernel
internal import Machine

extension JobScheduler {
  /// What the worker does next.
  private enum Task {
    case free(Job)
    case end(Job)
    case advance(Entity)
  }

  /// The worker: runs until there is nothing to do (`drm_sched_run_job_work` and
  /// `drm_sched_free_job_work`).
  func work() {
    while let task = nextTask() {
      switch task {
      case .free(let job): free(job)
      case .end(let job): continueEnding(job)
      case .advance(let entity): if let job = takeReadyJob(of: entity) { run(job) }
      }
    }
  }

  private func nextTask() -> Task? {
    lock()
    defer { unlock() }
    if let node = storage.record.ending.first {
      node.record.remove()
      return .end(.around(node))
    }
    if storage.record.isPaused.value { return nil }
    if let job = takeFinished() { return .free(job) }
    return claimNext().map { .advance($0) }
  }

  // MARK: - Running

  /// Asks for the claimed entity's first job what it waits for.
  ///
  /// - Returns: The job, off the queue, or nil if a callback will wake the entity.
  private func takeReadyJob(of entity: Entity) -> Job? {
    guard let job = entity.storage.record.firstJob.value else { return nil }
    while let dependency = job.nextDependency() ?? storage.record.backEnd.prepare(job) {
      if mustWait(entity, for: dependency) { return nil }
    }
    dequeue(job, entity)
    return job
  }

  /// Sees to it that the entity is woken when it need not wait for the fence any more
  /// (`drm_sched_entity_add_dependency_cb`).
  ///
  /// - Returns: false if it need not wait at all; then the entity is still claimed.
  private func mustWait(_ entity: Entity, for dependency: Fence) -> Bool {
    // Jobs of one entity run in order anyway.
    if dependency.context &- entity.context <= 1 {
      dependency.put()
      return false
    }
    let fence = pipelined(dependency)
    entity.storage.record.dependency.value = fence
    do throws(Errno) {
      try fence.addCallback(entity.callback, Self.dependencyIsOver)
    } catch {
      entity.storage.record.dependency.value = nil
      fence.put()
      return false
    }
    giveFree(entity)
    return true
  }

  /// What to wait for in place of a finished fence: the device keeps the order of one scheduler's
  /// jobs, so having been scheduled is enough.
  private func pipelined(_ fence: Fence) -> Fence {
    guard let own = SchedulerFence(finished: fence), own.isPipelined(in: self) else { return fence }
    let scheduled = own.scheduled.get()
    fence.put()
    return scheduled
  }

  private static let dependencyIsOver = FenceCallback.Function { fence, callback in
    let entity = Entity.around(callback)
    // The entity has a job, so it has a scheduler and stays with it.
    guard let scheduler = entity.scheduler else {
      preconditionFailure("an entity with a job and without a scheduler")
    }
    scheduler.lock()
    entity.storage.record.dependency.value = nil
    let isReady = scheduler.queueIfReady(entity)
    scheduler.unlock()
    if isReady { scheduler.kick() }
    fence.put()
  }

  /// Hands a job to the device, and gives its entity free.
  private func run(_ job: Job) {
    Kernel.beginSignaling()
    if job.entity.isGuilty {
      job.finishedFence.withLock { job.finishedFence.setError(.cancelled) }
    }
    let answer = storage.record.backEnd.run(job)
    // Not before: who kills the entity may take away what `run` uses.
    giveFree(job.entity)
    if case .submitted(let parent) = answer { job.fences.setParent(parent) }
    job.scheduledFence.signal()
    switch answer {
    case .submitted(let parent): watch(job, parent)
    case .done: complete(job, nil)
    case .failed(let error): complete(job, error)
    }
    Kernel.endSignaling()
    let now = Machine.clock()
    lock()
    job.storage.record.started.value = now
    storage.record.lastNumber.value &+= 1
    job.storage.record.number.value = storage.record.lastNumber.value
    storage.record.pending.append(job.storage.record.place)
    armTimerIfNeeded(at: now)
    unlock()
  }

  // MARK: - Freeing

  /// Takes the oldest pending job off the list if it is over, with the lock held.
  private func takeFinished() -> Job? {
    guard let node = storage.record.pending.first else { return nil }
    let job = Job.around(node)
    guard job.storage.record.isDone.value else { return nil }
    node.record.remove()
    return job
  }

  private func free(_ job: Job) {
    noteEnd(of: job)
    // The callback that noted the end may not have returned.
    job.waitForCallback()
    storage.record.backEnd.free(job)
  }

  /// Counts the time of a job that is over, and lets the next one's begin.
  ///
  /// The device began with the next job when it was done with this one. The kernel overwrites the
  /// timestamp of the next job's scheduled fence, which others may be reading; here the job has a
  /// moment of its own.
  private func noteEnd(of job: Job) {
    let end = job.finishedFence.timestamp()
    let entity = job.entity
    lock()
    let started = job.storage.record.started.value
    charge(entity, SchedulingPolicy.weighed(end > started ? end - started : 0, job.priority))
    if let next = storage.record.pending.first.map({ Job.around($0) }) {
      next.storage.record.started.value = max(next.storage.record.started.value, end)
    }
    armTimerIfNeeded(at: end)
    unlock()
  }
}
