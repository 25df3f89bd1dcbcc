/// The numbers of this target.
public enum Limits {
  /// Slots of a reservation's first list.
  public static let firstSlotCount = 4
  /// How long the destruction of a buffer waits, in milliseconds, where it has no memory to take
  /// its fences along.
  public static let destructionWaitMilliseconds = 30_000
}
