internal import Glibc

/// How the time of a program grows with its size, as an exponent: 1 where twice as much takes
/// twice as long, 2 where it takes four times as long.
///
/// Small and large runs alternate, so that whatever disturbs the machine for longer than a pair
/// disturbs both.
public struct Growth: Sendable {
  /// What the row is called.
  public let name: String
  /// The two sizes that were compared.
  public let sizes: (small: Int, large: Int)
  /// One for each pair, sorted.
  public let exponents: [Double]

  /// Runs so many pairs.
  ///
  /// - Parameter time: Runs a program of this size once and says how long it took, in any unit.
  public init(
    _ name: String, from small: Int, to large: Int, pairs: Int = 9, time: (Int) -> UInt64
  ) {
    self.name = name
    sizes = (small, large)
    // The first run warms caches and the allocator.
    _ = time(large)
    exponents = (0..<pairs).map { pair in
      let first = time(pair.isMultiple(of: 2) ? small : large)
      let second = time(pair.isMultiple(of: 2) ? large : small)
      let (less, more) = pair.isMultiple(of: 2) ? (first, second) : (second, first)
      return log2(Double(max(more, 1)) / Double(max(less, 1))) / log2(Double(large) / Double(small))
    }.sorted()
  }

  /// The middle exponent.
  public var median: Double { exponents[exponents.count / 2] }

  /// One line of the table.
  ///
  /// - Parameter expected: What the exponent is by the theory, for this range of sizes.
  public func row(expected: Double) -> String {
    let range = "\(sizes.small) to \(sizes.large)"
    return "\(name.padded(30))  \(range.padded(18))  \(Self.text(median))  "
      + "\(Self.text(exponents[exponents.count / 4])) – "
      + "\(Self.text(exponents[exponents.count * 3 / 4]))  \(Self.text(expected))"
  }

  /// The heading of such lines.
  public static var heading: String {
    "\("".padded(30))  \("sizes".padded(18))  grows   middle half    in theory"
  }

  /// The exponent of n log n over this range.
  public static func nLogN(from small: Int, to large: Int) -> Double {
    let (less, more) = (Double(small), Double(large))
    return 1 + log2(log2(more) / log2(less)) / log2(more / less)
  }

  private static func text(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(abs(hundredths % 100))"
  }
}

/// Processor time of the calling thread, in nanoseconds.
public func threadTime() -> UInt64 {
  var now = timespec()
  // Safety: the call fills in the value that it gets.
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
