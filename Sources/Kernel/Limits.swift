/// The ceilings of this target, and what each one costs.
public enum Limits {
  /// Virtual threads that can have a task record at one time, 64 bytes each.
  public static let virtualTaskCountMax = 1024
  /// Virtual CPUs that can queue interrupt work, 16 bytes each.
  public static let virtualCPUCountMax = 64
}
