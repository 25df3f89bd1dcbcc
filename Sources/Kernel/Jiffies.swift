/// A length of time in the kernel's timer ticks.
///
/// One jiffy is one millisecond here (`HZ` = 1000). ``max`` means "without end" and never counts
/// down (`MAX_SCHEDULE_TIMEOUT`). Negative values exist so that a wait can refuse them.
@frozen public struct Jiffies: Hashable, Comparable, Sendable {
  /// The number of ticks.
  public let count: Int

  /// So many ticks.
  @inlinable public init(_ count: Int) { self.count = count }

  /// Without end.
  public static let max = Jiffies(Int.max)
  /// No time at all.
  public static let zero = Jiffies(0)

  /// Nanoseconds in one jiffy.
  public static let nanosecondsPerJiffy: UInt64 = 1_000_000

  /// The moment this long after `start`, or nil where the time has no end.
  ///
  /// - Parameter start: A moment on the machine's clock, in nanoseconds.
  public func deadline(after start: UInt64) -> UInt64? {
    guard self != .max else { return nil }
    let (length, overflow) = UInt64(Swift.max(0, count))
      .multipliedReportingOverflow(by: Self.nanosecondsPerJiffy)
    let (moment, past) = start.addingReportingOverflow(length)
    return overflow || past ? nil : moment
  }

  /// The whole jiffies from `now` to `deadline`, rounded up; zero where it has passed.
  public static func remaining(until deadline: UInt64, now: UInt64) -> Jiffies {
    guard deadline > now else { return .zero }
    let nanoseconds = deadline - now
    let whole = nanoseconds / nanosecondsPerJiffy
    return Jiffies(Int(whole) + (nanoseconds % nanosecondsPerJiffy == 0 ? 0 : 1))
  }

  /// Whether one time is shorter.
  @inlinable public static func < (one: Jiffies, other: Jiffies) -> Bool {
    one.count < other.count
  }
}
