internal import Kernel
internal import Machine

extension JobScheduler {
  private var timer: KernelTimer? { storage.record.timer.value }

  /// Arms the timer for the oldest job unless it is armed, with the lock held.
  ///
  /// It is not moved when that job ends: a timer that finds another job than it was armed for is
  /// armed again for what that job has left. So a job costs a timer only if it is slow.
  func armTimerIfNeeded(at now: UInt64) {
    guard let timer, !storage.record.isTimerArmed.value,
      let node = storage.record.pending.first
    else { return }
    let job = Job.around(node)
    storage.record.isTimerArmed.value = true
    storage.record.watchedNumber.value = job.storage.record.number.value
    let end = storage.record.options.timeout.deadline(after: job.storage.record.started.value)
    timer.arm(after: .remaining(until: end ?? .max, now: now))
  }

  /// Calls the timer off and waits until it does not run.
  func stopTimer() {
    guard let timer else { return }
    timer.cancelAndWait()
    storage.record.lock.withLockIRQSave { storage.record.isTimerArmed.value = false }
  }

  /// Ends the timer and what it started.
  func shutDownTimer() {
    guard let timer else { return }
    timer.cancelAndWait()
    storage.record.timeoutQueue.cancelAndWait(JobSchedulerStorage.timeoutWork.field(of: storage))
    timer.shutDown()
  }

  /// Asks the back end about the oldest job if its time is up (`drm_sched_job_timedout`).
  func handleTimeout() {
    guard let job = takeLateJob() else { return }
    Kernel.beginSignaling()
    let answer = storage.record.backEnd.timedOut(job)
    Kernel.endSignaling()
    let now = Machine.clock()
    lock()
    if answer == .noHang, job.storage.record.place.isAlone {
      job.storage.record.started.value = now
      storage.record.pending.prepend(job.storage.record.place)
    }
    if answer != .noDevice { armTimerIfNeeded(at: now) }
    unlock()
    if answer == .noHang { kick() }
  }

  /// Takes the oldest job off the list, so that the worker cannot free it meanwhile; nil where it
  /// is not late.
  private func takeLateJob() -> Job? {
    let now = Machine.clock()
    lock()
    defer { unlock() }
    storage.record.isTimerArmed.value = false
    guard !storage.record.isPaused.value, let node = storage.record.pending.first else {
      return nil
    }
    let job = Job.around(node)
    // The worker frees it, and then arms the timer for the next.
    if job.storage.record.isDone.value { return nil }
    if storage.record.watchedNumber.value != job.storage.record.number.value {
      armTimerIfNeeded(at: now)
      return nil
    }
    node.record.remove()
    return job
  }
}
