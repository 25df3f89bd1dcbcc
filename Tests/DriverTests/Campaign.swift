import Foundation

/// How many seeds a campaign of faults goes through, or which single one.
enum Campaign {
  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
  }

  /// `FENCELAB_FAULT_SEEDS` of them; or the one that `FENCELAB_FAULT_SEED` names.
  static var seeds: Range<UInt64> {
    if let seed = number("FENCELAB_FAULT_SEED") { return seed..<seed + 1 }
    return 0..<(number("FENCELAB_FAULT_SEEDS") ?? 24)
  }

  /// Whether there are enough seeds for every kind of end.
  static var isWhole: Bool { seeds.count >= 24 }

  /// How to see one seed again.
  static func replay(_ seed: UInt64) -> String { "FENCELAB_FAULT_SEED=\(seed) shows it again" }
}
