/// The numbers of this load.
public enum Limits {
  /// The most frames a run may have; the log keeps every one, some hundred bytes a frame.
  public static let frameCountMax = 1_000_000

  /// How long a frame is on the screen: 60 of them are a second.
  static let refreshNanoseconds: UInt64 = 16_666_667

  /// How often the decoder delivers: 30 frames a second.
  static let videoNanoseconds: UInt64 = 33_333_333

  /// How often the compute job begins a piece of work.
  static let computeNanoseconds: UInt64 = 25_000_000

  /// How often the monitor looks at everybody's fences.
  static let monitorNanoseconds: UInt64 = 10_000_000

  /// Milliseconds that a job may take before the scheduler asks what became of it.
  static let jobMilliseconds = 40

  /// Jobs that an engine is given at once: what is lost with the one that hangs.
  static let jobsOnDevice: UInt32 = 3

  /// Frames that the media driver's list has room for.
  static let decodesInFlight = 8

  /// Events after which a run counts as endless; a frame takes about five thousand.
  static func eventCountMax(frames: Int) -> Int { 20_000 * (frames + 100) }

  /// Refreshes after which the display gives up, so that a run that is stuck ends.
  static func refreshCountMax(frames: Int) -> Int { 2 * frames + 300 }
}
