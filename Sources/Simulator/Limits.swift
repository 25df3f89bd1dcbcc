/// The ceilings of this room, each with what it costs to raise it.
public enum Limits {
  /// Bytes of stack a virtual thread gets; only touched pages cost memory.
  static let stackBytes = 256 * 1024

  /// Events one run may perform before it counts as endless; some seconds of real time.
  public static let eventCountMax = 50_000_000

  /// Ended objects kept back so that a use after the end is noticed; each keeps its memory.
  static let quarantineCountMax = 65_536
}
