/// The stores of one CPU that wait for their lines while the CPU goes on.
///
/// They leave in the order in which they were made. The buffer hides time and changes no order:
/// the run decides in which order accesses happen.
struct StoreBuffer {
  private let countMax: Int
  /// When each waiting store has its line, oldest first.
  private var ends: [Int] = []

  init(countMax: Int) {
    precondition(countMax > 0, "a store needs a place to wait")
    self.countMax = countMax
  }

  /// Puts a store in at `time`.
  ///
  /// - Returns: Cycles that the CPU waits for a free place.
  mutating func add(latency: Int, at time: Int) -> Int {
    forget(until: time)
    var wait = 0
    if ends.count == countMax {
      wait = ends[0] - time
      ends.removeFirst()
    }
    ends.append(max(ends.last ?? 0, time + wait) + latency)
    return wait
  }

  /// Waits until nothing is left.
  ///
  /// - Returns: Cycles that the CPU waits.
  mutating func drain(at time: Int) -> Int {
    defer { ends.removeAll(keepingCapacity: true) }
    return max(0, (ends.last ?? 0) - time)
  }

  private mutating func forget(until time: Int) {
    ends.removeAll { $0 <= time }
  }
}
