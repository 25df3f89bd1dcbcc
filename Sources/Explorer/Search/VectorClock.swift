/// For each virtual thread, the number of its last step that is known to have happened before.
///
/// Sixteen counters fill one vector register, so that joining and comparing is a few instructions.
struct VectorClock: Equatable {
  private var counters: SIMD16<Int32>

  static let zero = VectorClock(counters: .zero)

  subscript(thread: Int) -> Int32 {
    get { counters[thread] }
    set { counters[thread] = newValue }
  }

  /// Learns everything that the other clock knows.
  mutating func join(_ other: VectorClock) {
    counters.replace(with: other.counters, where: other.counters .> counters)
  }

  /// Whether everything the other clock knows is known here.
  func covers(_ other: VectorClock) -> Bool {
    !any(other.counters .> counters)
  }

  /// The first thread of which the other clock knows a step that is unknown here.
  func firstUncovered(by other: VectorClock) -> Int? {
    let ahead = other.counters .> counters
    return (0..<16).first { ahead[$0] }
  }
}
