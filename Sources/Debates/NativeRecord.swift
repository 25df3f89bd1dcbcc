/// What one operation of a debate took on real hardware under each design, and where that was.
///
/// Kept beside the lessons and never computed: it is the one part of a table that no other machine
/// can reproduce.
public struct NativeRecord: Sendable, Codable, Hashable {
  /// The debate's name.
  public let debate: String
  /// Where it was measured.
  public var provenance: Provenance?
  /// What was timed, in words.
  public let operation: String
  /// One for each design that was timed.
  public let timings: [Timing]
  /// Why a design was not timed, by its name.
  public let absences: [String: String]

  /// Which machine, which sources, and when.
  public struct Provenance: Sendable, Codable, Hashable {
    /// The processor and how many of its cores.
    public let machine: String
    /// Year, month and day.
    public let date: String
    /// The commit of the sources.
    public let commit: String
    /// The compiler.
    public let toolchain: String

    /// Takes what somebody has found out.
    public init(machine: String, date: String, commit: String, toolchain: String) {
      (self.machine, self.date, self.commit, self.toolchain) = (machine, date, commit, toolchain)
    }
  }

  /// One design beside the debate's first.
  public struct Timing: Sendable, Codable, Hashable {
    /// The design's name.
    public let design: String
    /// Its time divided by that of the first design, the median of the pairs.
    public let median: Double
    /// Where the middle half of the pairs begins.
    public let low: Double
    /// Where the middle half of the pairs ends.
    public let high: Double
    /// How often both were timed.
    public let pairs: Int
  }

  /// A design's time divided by that of the cheapest; nil where it was not timed.
  func ratioToCheapest(of design: String) -> Double? {
    guard let cheapest = timings.map(\.median).min(), cheapest > 0,
      let timing = timings.first(where: { $0.design == design })
    else { return nil }
    return timing.median / cheapest
  }
}

extension Double {
  /// With one digit behind the point: recorded times are worth no more.
  var inTenths: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
