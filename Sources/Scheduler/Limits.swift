/// The numbers of this target.
public enum Limits {
  /// How long the end of an entity waits for its jobs to reach the device, in milliseconds, before
  /// it kills them (`MAX_WAIT_SCHED_ENTITY_Q_EMPTY`).
  public static let flushMilliseconds = 1_000
  /// Credits of a scheduler that was given no limit.
  public static let creditLimitDefault: UInt32 = .max
}
