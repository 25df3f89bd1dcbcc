/// Times two programs alternately and keeps nothing but their ratio.
///
/// Each pair runs ours and theirs one after the other, every second pair in the other order, so
/// that whatever disturbs the machine for longer than a pair disturbs both.
public struct Pairing: Sendable {
  /// What the row is called.
  public let name: String
  /// Ours divided by theirs, one for each pair, sorted.
  public let ratios: [Double]

  /// Runs so many pairs.
  ///
  /// - Parameters:
  ///   - ours: Runs once and returns how long it took, in any unit.
  ///   - theirs: The same work, in the same unit.
  public init(
    _ name: String, pairs: Int, ours: () -> UInt64, theirs: () -> UInt64
  ) {
    self.name = name
    // The first of each warms caches and branch predictors.
    _ = ours()
    _ = theirs()
    var ratios: [Double] = []
    for pair in 0..<pairs {
      let first = pair.isMultiple(of: 2) ? ours() : theirs()
      let second = pair.isMultiple(of: 2) ? theirs() : ours()
      let (mine, other) = pair.isMultiple(of: 2) ? (first, second) : (second, first)
      ratios.append(Double(mine) / Double(max(other, 1)))
    }
    self.ratios = ratios.sorted()
  }

  /// The middle ratio.
  public var median: Double { quantile(0.5) }

  /// Between which ratios the middle half lies.
  public var spread: ClosedRange<Double> { quantile(0.25)...quantile(0.75) }

  private func quantile(_ share: Double) -> Double {
    precondition(!ratios.isEmpty, "a pairing needs at least one pair")
    return ratios[Int((Double(ratios.count - 1) * share).rounded())]
  }

  /// One line of the table: ratio, middle half, number of pairs, and whether the budget is kept.
  public func row(budget: Double? = nil) -> String {
    var line = "\(name.padded(34))  \(Self.text(median))  "
    line += "\(Self.text(spread.lowerBound)) – \(Self.text(spread.upperBound))  "
    line += "\(ratios.count)".padded(5)
    if let budget {
      line += " at most \(Self.text(budget)): \(median <= budget ? "kept" : "MISSED")"
    }
    return line
  }

  /// The heading of such lines.
  public static var heading: String {
    "\("".padded(34))  median  middle half      pairs"
  }

  private static func text(_ ratio: Double) -> String {
    let thousandths = Int((ratio * 1000).rounded())
    let fraction = "\(thousandths % 1000)"
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}

extension String {
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
