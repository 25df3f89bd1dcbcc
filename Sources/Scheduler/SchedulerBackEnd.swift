public import Fences
public import Kernel

/// What a driver does for its scheduler (`struct drm_sched_backend_ops`).
///
/// Everything but ``free(_:)`` and ``prepare(_:)`` lies between a published fence and its signal:
/// no memory may be allocated there, no reservation locked, and what may fail has failed before
/// ``Job/arm()``.
public protocol SchedulerBackEnd: Sendable {
  /// Names one more fence that the job must wait for, until there is none (`prepare_job`).
  ///
  /// - Returns: The fence with a reference that the scheduler gives back; nil where there is none.
  func prepare(_ job: Job) -> Fence?

  /// Hands the job to the device (`run_job`).
  ///
  /// A job whose ``Job/finishedFence`` has an error belongs to a guilty entity: it should not run.
  func run(_ job: Job) -> RunAnswer

  /// Looks what became of a job that takes too long (`timedout_job`).
  ///
  /// The job is off the scheduler's list. ``JobScheduler/stop(_:)`` puts it back; with
  /// ``TimeoutAnswer/reset`` and without that call it belongs to the back end.
  func timedOut(_ job: Job) -> TimeoutAnswer

  /// Takes back a job that is over (`free_job`); in the order in which the jobs ran.
  ///
  /// It must call ``Job/cleanUp()``.
  func free(_ job: Job)

  /// Makes the device forget a job, and signals the hardware fence (`cancel_job`).
  ///
  /// Called for every pending job when the scheduler ends, also for one that is over.
  /// ``free(_:)`` follows.
  func cancel(_ job: Job)
}

extension SchedulerBackEnd {
  /// There is no other fence.
  public func prepare(_ job: Job) -> Fence? { nil }
  /// The device forgets by itself; the scheduler then ends the job with `cancelled`.
  public func cancel(_ job: Job) {}
}

/// What became of an attempt to run a job.
@frozen public enum RunAnswer: Sendable {
  /// The device works on it and will signal this fence; a reference for the scheduler comes along.
  case submitted(Fence)
  /// There was nothing to do, so it is over.
  case done
  /// It could not be run.
  case failed(Errno)
}

/// What a back end says about a job that timed out.
@frozen public enum TimeoutAnswer: Sendable {
  /// The device was reset; the next job gets its time (`DRM_GPU_SCHED_STAT_RESET`).
  case reset
  /// The device is gone; no further job is watched (`DRM_GPU_SCHED_STAT_ENODEV`).
  case noDevice
  /// The job was only slow: it goes back to where it was (`DRM_GPU_SCHED_STAT_NO_HANG`).
  case noHang
}
