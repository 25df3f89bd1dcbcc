internal import Fences
public import Kernel
internal import Machine

extension Entity {
  /// Waits until every job was handed to the device (`drm_sched_entity_flush`).
  ///
  /// - Returns: The time that is left; zero where it ran out first, or without a scheduler.
  @discardableResult public func flush(timeout: Jiffies = .max) -> Jiffies {
    scheduler?.wait(timeout: timeout) {
      storage.record.isStopped.value
        || storage.record.firstJob.value == nil && !storage.record.isClaimed.value
    } ?? .zero
  }

  /// Gives up every job that was not handed to the device (`drm_sched_entity_kill`).
  ///
  /// Each ends with `noProcess`, but only after the job before it and after everything that it was
  /// to wait for: nobody may be told that memory is free while earlier work uses it. It returns
  /// without waiting for that.
  ///
  /// - Progress: Sleeps while the worker looks at the entity or hands a job of it over.
  public func kill() {
    guard let scheduler = stop() else { return }
    scheduler.wait { !storage.record.isClaimed.value }
    forgetDependency()
    var next = takeAllJobs()
    while let job = next {
      next = job.storage.record.nextInEntity.value
      job.restartDependencies()
      scheduler.endOnceReady(job)
    }
  }

  /// Ends the entity (`drm_sched_entity_destroy`): gives its jobs a while to reach the device, then
  /// kills the rest.
  ///
  /// The scheduler must outlive the entity.
  public func destroy() {
    flush(timeout: Jiffies(Limits.flushMilliseconds))
    kill()
    put()
  }

  // MARK: - Private

  /// Takes the entity out of the run queue, for good.
  ///
  /// - Returns: Its scheduler, if it has one.
  private func stop() -> JobScheduler? {
    let answer = withScheduler { scheduler in
      storage.record.isStopped.value = true
      if storage.record.isWaiting.value {
        storage.record.isWaiting.value = false
        storage.record.turn.remove()
      }
      return (scheduler, scheduler.hasWaiters)
    }
    guard let (scheduler, mustWake) = answer else { return nil }
    if mustWake { scheduler.wakeWaiters() }
    return scheduler
  }

  /// Takes the callback back that would wake the entity.
  private func forgetDependency() {
    let dependency = withScheduler { _ in storage.record.dependency.value?.get() }
    guard let dependency = dependency ?? nil else { return }
    if dependency.removeCallback(callback) {
      storage.record.dependency.value = nil
      // The reference that the callback would have given back.
      dependency.put()
    }
    dependency.put()
  }

  /// Empties the queue.
  ///
  /// - Returns: Its first job.
  private func takeAllJobs() -> Job? {
    withScheduler { _ in
      let first = storage.record.firstJob.value
      var next = first
      while let job = next {
        follow(job)
        next = job.storage.record.nextInEntity.value
      }
      storage.record.firstJob.value = nil
      storage.record.lastJob.value = nil
      return first
    } ?? nil
  }

  /// Makes a killed job end after the one before it, with the lock held.
  func follow(_ job: Job) {
    job.scheduler.storage.record.endingCount.value &+= 1
    // The reference to the job killed before goes over to this one.
    job.storage.record.predecessor.value =
      storage.record.lastKilled.value ?? storage.record.lastScheduled.value?.get()
    storage.record.lastKilled.value = job.finishedFence.get()
  }
}
