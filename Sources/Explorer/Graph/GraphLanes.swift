/// Numbers for the threads of a scenario, the same in all executions of one exploration.
///
/// A thread is known by who started it and as their how-manieth: in which order two running
/// threads come to start something differs from one execution to the next, and nothing that a
/// graph says may depend on it.
struct GraphLanes {
  struct Origin: Hashable {
    /// The starter's place among all threads, 0 for the setup.
    var starter: Int
    var ordinal: Int
  }

  private(set) var origins: [Origin] = []
  private var numbers: [Origin: Int] = [:]

  var count: Int { origins.count }

  /// The lane of a thread; a new number where nobody like it was started before.
  mutating func number(of origin: Origin) -> Int {
    if let known = numbers[origin] { return known }
    numbers[origin] = origins.count
    origins.append(origin)
    return origins.count - 1
  }

  /// Where the lanes come from that running threads started, the lowest first.
  func startedLater(upTo lane: Int) -> ArraySlice<Origin> {
    origins.prefix(lane + 1).drop { $0.starter == 0 }
  }
}
