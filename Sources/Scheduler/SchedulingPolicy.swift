/// Which of the entities that could run goes first.
///
/// Each policy gives an entity a key when it begins to wait for its turn; the lowest key wins.
@frozen public enum SchedulingPolicy: UInt8, CaseIterable, Sendable {
  /// The entity whose job was pushed first. Upstream's default since 6.2.
  case fifo
  /// The entity whose turn was longest ago.
  case roundRobin
  /// The entity that the device has worked for least, weighed by priority: our reconstruction of
  /// the patches of 2025.
  ///
  /// Kernel priority still comes before everything else; the others share one queue, so that
  /// nobody starves.
  case fair

  /// The queue that an entity of this priority waits in, the most urgent first.
  func queueIndex(of priority: Priority) -> Int {
    switch self {
    case .fifo, .roundRobin: Int(priority.rawValue)
    case .fair: priority == .kernel ? 0 : 1
    }
  }

  /// What time on the device counts for under the fair policy.
  static func weighed(_ nanoseconds: UInt64, _ priority: Priority) -> UInt64 {
    switch priority {
    case .kernel: nanoseconds
    case .high: nanoseconds << 2
    case .normal: nanoseconds << 4
    case .low: nanoseconds << 7
    }
  }
}
