internal import Fences
public import Kernel
internal import Machine

// How a back end recovers a device that hangs: stop, blame, reset, perhaps run again, start.

extension JobScheduler {
  /// Stops the scheduler before the device is reset (`drm_sched_stop`).
  ///
  /// When it returns, no job is being handed over, no pending one is being freed, and every pending
  /// job is either over or cut off from its hardware fence, which may then be signaled without
  /// consequence. Jobs of killed entities go on ending.
  ///
  /// - Parameter bad: The job that ``SchedulerBackEnd/timedOut(_:)`` was called with, which goes
  ///   back to the list if it is a job of this scheduler; nil where the device hangs for another
  ///   reason.
  /// - Precondition: Called once before ``start(_:)``, by a task that may sleep.
  public func stop(_ bad: Job? = nil) {
    let record = storage
    pause()
    stopTimer()
    lock()
    if let bad, bad.scheduler == self, bad.storage.record.place.isAlone {
      record.record.pending.prepend(bad.storage.record.place)
    }
    unlock()
    for job in pendingJobs.reversed() { detach(job) }
  }

  /// Cuts a pending job off from its hardware fence, unless it is over.
  private func detach(_ job: Job) {
    guard let parent = job.hardwareFence, parent.removeCallback(job.callback) else { return }
    job.storage.record.isDetached.value = true
    job.fences.setParent(nil)
    parent.put()
    lock()
    storage.record.creditsInUse.value &-= job.storage.record.credits.value
    unlock()
  }

  /// Blames a job for a hang (`drm_sched_increase_karma`).
  ///
  /// Its entity is guilty at once, if it has a flag for that, and none of its jobs should run any
  /// more. Nobody blames memory management.
  public func increaseKarma(of bad: Job) {
    guard bad.priority != .kernel else { return }
    bad.storage.record.karma.value &+= 1
    // relaxed: a job that just misses it runs.
    bad.entity.storage.record.guilty?.record.store(true, .relaxed)
  }

  /// Hands the jobs that were cut off to the device again (`drm_sched_resubmit_jobs`), between
  /// ``stop(_:)`` and ``start(_:)``.
  ///
  /// The first job that was blamed for more hangs than ``SchedulerOptions/hangLimit`` takes those
  /// of its entity with it: they are `cancelled`, and the back end should not run them.
  ///
  /// Upstream wants no new users of it, because a driver that has no new hardware fence at hand
  /// makes an old one unsignaled again. A back end that calls it keeps a second fence for each job.
  public func resubmit() {
    Kernel.beginSignaling()
    defer { Kernel.endSignaling() }
    var guilty: Entity?
    for job in pendingJobs where job.storage.record.isDetached.value {
      if guilty == nil, job.karma > storage.record.options.hangLimit { guilty = job.entity }
      if job.entity == guilty { setError(.cancelled, of: job) }
      switch storage.record.backEnd.run(job) {
      case .submitted(let parent): job.fences.setParent(parent)
      case .done: break
      case .failed(let error): setError(error, of: job)
      }
    }
  }

  /// Counts a job that was cut off again.
  func takeCredits(of job: Job) {
    lock()
    storage.record.creditsInUse.value &+= job.storage.record.credits.value
    unlock()
  }

  private func setError(_ error: Errno, of job: Job) {
    job.finishedFence.withLock { job.finishedFence.setError(error) }
  }

  /// Goes on after the device was reset (`drm_sched_start`).
  ///
  /// Jobs that were run again are watched again; the others that were cut off end.
  ///
  /// - Parameter error: What those jobs end with; nil: `cancelled`. A job that was run again, and
  ///   whose hardware fence is signaled by now without an error, ends with it, too.
  public func start(_ error: Errno? = nil) {
    for job in pendingJobs where job.storage.record.isDetached.value {
      job.storage.record.isDetached.value = false
      takeCredits(of: job)
      if let parent = job.hardwareFence {
        watch(job, parent, error)
      } else {
        complete(job, error ?? .cancelled)
      }
    }
    let now = Machine.clock()
    lock()
    storage.record.isPaused.value = false
    if let node = storage.record.pending.first {
      Job.around(node).storage.record.started.value = now
    }
    armTimerIfNeeded(at: now)
    unlock()
    kick()
  }
}
