internal import Fences
internal import Kernel
internal import Machine

extension JobScheduler {
  // MARK: - Jobs of killed entities

  /// Ends a job that will not run, as soon as everything it had to wait for is over
  /// (`drm_sched_entity_kill_jobs_cb`).
  ///
  /// Not before: whoever waits for its fence may then use the memory that earlier work still uses.
  func endOnceReady(_ job: Job) {
    while let fence = nextToAwait(job) {
      job.storage.record.awaited.value = fence
      do throws(Errno) {
        try fence.addCallback(job.callback, Self.awaitedIsOver)
        return
      } catch {
        fence.put()
      }
    }
    end(job)
  }

  /// Goes on with a job whose callback has run, or still runs.
  ///
  /// The callback itself could not: it holds a fence's lock, and the next fence has one, too.
  func continueEnding(_ job: Job) {
    let fence = job.storage.record.awaited.value
    fence?.removeCallback(job.callback)
    fence?.put()
    endOnceReady(job)
  }

  /// What the job's end waits for next, with a reference.
  private func nextToAwait(_ job: Job) -> Fence? {
    if let predecessor = job.storage.record.predecessor.value {
      job.storage.record.predecessor.value = nil
      return predecessor
    }
    while let fence = job.nextDependency() {
      guard let own = SchedulerFence(scheduled: fence) else { return fence }
      // The scheduled fence keeps the memory of the finished one. Where nobody has a reference to
      // that, its job was freed, and so is over.
      let finished = own.finished.getUnlessZero()
      fence.put()
      if let finished { return finished }
    }
    return nil
  }

  private static let awaitedIsOver = FenceCallback.Function { _, callback in
    let job = Job.around(callback)
    let scheduler = job.scheduler
    scheduler.storage.record.lock.withLockIRQSave {
      scheduler.storage.record.ending.append(job.storage.record.place)
    }
    scheduler.kick()
  }

  private func end(_ job: Job) {
    // relaxed: statistics, for whoever chooses a scheduler.
    _ = storage.record.load.fetchSubtract(1, .relaxed)
    Kernel.beginSignaling()
    job.scheduledFence.signal()
    job.fences.finish(.noProcess)
    Kernel.endSignaling()
    storage.record.backEnd.free(job)
    lock()
    storage.record.endingCount.value &-= 1
    let mustWake = hasWaiters
    unlock()
    if mustWake { wakeWaiters() }
  }

  // MARK: - The scheduler's end

  /// Ends the scheduler (`drm_sched_fini`).
  ///
  /// What the device still works on is cancelled; killed jobs are waited for. Fences that others
  /// hold stay valid, but nobody may ask them for the name of their timeline any more.
  ///
  /// - Precondition: Every entity was destroyed, and the caller may sleep.
  public func destroy() {
    let record = storage
    pause()
    shutDownTimer()
    for job in pendingJobs.reversed() { cancel(job) }
    // Killed jobs may have waited for the ones that were cancelled.
    wait { record.record.endingCount.value == 0 }
    Kernel.warn(
      unless: record.record.runQueue.first == nil, "a scheduler ended before its entities")
    record.record.queue.cancelAndWait(JobSchedulerStorage.work.field(of: record))
    if record.record.options.queue == nil { record.record.queue.destroy() }
    RCU.free(record)
  }

  private func cancel(_ job: Job) {
    lock()
    job.storage.record.place.remove()
    let isDone = job.storage.record.isDone.value
    unlock()
    Kernel.beginSignaling()
    storage.record.backEnd.cancel(job)
    if !isDone {
      if job.storage.record.isDetached.value {
        takeCredits(of: job)
        complete(job, .cancelled)
      } else if job.hardwareFence?.removeCallback(job.callback) ?? false {
        complete(job, .cancelled)
      }
    }
    Kernel.endSignaling()
    job.waitForCallback()
    storage.record.backEnd.free(job)
  }
}
