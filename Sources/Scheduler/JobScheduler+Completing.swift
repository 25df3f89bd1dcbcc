internal import Fences
internal import Kernel
internal import Machine

extension JobScheduler {
  /// Completes the job when the hardware fence is signaled, or now if it is.
  ///
  /// - Parameter fallback: What the job ends with where the fence is signaled without an error.
  func watch(_ job: Job, _ parent: Fence, _ fallback: Errno? = nil) {
    do throws(Errno) {
      try parent.addCallback(job.callback, Self.hardwareIsDone)
    } catch {
      complete(job, parent.error ?? fallback)
    }
  }

  /// Runs with the hardware fence's lock held, most often in an interrupt.
  private static let hardwareIsDone = FenceCallback.Function { parent, callback in
    let job = Job.around(callback)
    job.scheduler.complete(job, parent.error)
  }

  /// The device is done with the job, or never began (`drm_sched_job_done`).
  ///
  /// Credits and load come back first: who waits for the finished fence finds room.
  ///
  /// - Progress: Never sleeps; may be called with interrupts off.
  func complete(_ job: Job, _ error: Errno?) {
    lock()
    storage.record.creditsInUse.value &-= job.storage.record.credits.value
    unlock()
    // relaxed: statistics, for whoever chooses a scheduler.
    _ = storage.record.load.fetchSubtract(1, .relaxed)
    job.fences.finish(error)
    lock()
    // From here on the worker may want to free the job; it waits until the callback has returned.
    job.storage.record.isDone.value = true
    unlock()
    kick()
  }
}
