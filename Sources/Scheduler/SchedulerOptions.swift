public import Kernel

/// What a scheduler is like (`struct drm_sched_init_args`).
public struct SchedulerOptions: Sendable {
  /// Its name, which is also the name of its fences' timelines.
  public var name = "scheduler"
  /// How much may be on the device at once; each job says what it takes.
  public var creditLimit = Limits.creditLimitDefault
  /// How long the oldest job on the device may take; `max`: for ever.
  public var timeout = Jiffies.max
  /// How many hangs a job is forgiven before ``JobScheduler/resubmit()`` cancels it and the other
  /// jobs of its entity.
  public var hangLimit: UInt32 = 0
  /// Whose turn it is.
  public var policy = SchedulingPolicy.fifo
  /// The virtual CPU of its worker and its timer.
  public var cpu = 0
  /// A queue to work on that is shared with others; nil: one of its own.
  public var queue: WorkQueue?
  /// Where timeouts are dealt with, one after another for all schedulers that share it; nil: the
  /// system's.
  public var timeoutQueue: WorkQueue?

  /// No limits, first come first served.
  public init() {}
}
