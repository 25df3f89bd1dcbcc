/// The ceilings of this target, and what each one costs.
public enum Limits {
  /// CPUs of one machine: the directory keeps one bit for each in one word.
  public static let cpuCountMax = 64
}
