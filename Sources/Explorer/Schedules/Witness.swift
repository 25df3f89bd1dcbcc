/// Arranges the steps of a failing execution so that a reader can follow them: only the steps that
/// led to the failure, with the fewest switches between threads.
///
/// Any order that keeps each thread, each CPU and each pair of dependent steps in sequence is the
/// same execution to its participants. The search over such orders is exact up to
/// ``Limits/witnessStatesMax`` states; beyond, the order that was found is kept.
struct Witness {
  private let trace: [Step]
  private let cpus: [Int]
  private let tasks: [Bool]
  /// For each step the earlier ones that must stay before it.
  private var before: [[Int]]

  init(trace: [Step], threads: [VirtualThread]) {
    self.trace = trace
    cpus = threads.map(\.cpu)
    tasks = threads.map(\.isTask)
    before = []
    for later in trace.indices {
      before.append((0..<later).filter { mustPrecede($0, later) })
    }
  }

  private func mustPrecede(_ earlier: Int, _ later: Int) -> Bool {
    let (one, other) = (trace[earlier], trace[later])
    if one.thread == other.thread || cpus[one.thread] == cpus[other.thread] { return true }
    return areDependent(
      one.footprint, other.footprint, sameCPU: false,
      bothTasks: tasks[one.thread] && tasks[other.thread])
  }

  /// The steps without which the last one could not have happened as it did.
  func causes() -> [Int] {
    guard var needed = trace.isEmpty ? nil : Set([trace.count - 1]) else { return [] }
    for index in stride(from: trace.count - 1, through: 0, by: -1) where needed.contains(index) {
      needed.formUnion(before[index])
    }
    return needed.sorted()
  }

  /// The given steps in an order with the fewest switches.
  func arrange(_ steps: [Int]) -> [Int] {
    var lanes: [[Int]] = []
    var laneOf: [Int: Int] = [:]
    for step in steps {
      let thread = trace[step].thread
      if laneOf[thread] == nil {
        laneOf[thread] = lanes.count
        lanes.append([])
      }
      lanes[laneOf[thread] ?? 0].append(step)
    }
    return WitnessSearch(lanes: lanes, before: before).run() ?? steps
  }
}

/// Breadth-first over "how far each thread has come", counting switches.
struct WitnessSearch {
  private struct State: Hashable {
    var taken: [Int16]
    var lane: Int
  }

  private let lanes: [[Int]]
  /// For each lane and step of it, how many steps of each lane must have been taken.
  private let needed: [[[Int16]]]

  /// - Parameters:
  ///   - lanes: The steps of each thread, in their order.
  ///   - before: For each step the ones that must come earlier; those of no lane count as taken.
  init(lanes: [[Int]], before: [[Int]]) {
    self.lanes = lanes
    var places = [(lane: Int, count: Int16)?](repeating: nil, count: before.count)
    for (lane, steps) in lanes.enumerated() {
      for (index, step) in steps.enumerated() { places[step] = (lane, Int16(index + 1)) }
    }
    needed = lanes.map { steps in
      steps.map { step in
        var counts = [Int16](repeating: 0, count: lanes.count)
        for place in before[step].lazy.compactMap({ places[$0] }) {
          counts[place.lane] = max(counts[place.lane], place.count)
        }
        return counts
      }
    }
  }

  func run() -> [Int]? {
    let start = State(taken: lanes.map { _ in 0 }, lane: -1)
    let whole = lanes.map { Int16($0.count) }
    var cameFrom: [State: State] = [:]
    var seen: Set<State> = [start]
    var frontier = [start]
    while !frontier.isEmpty {
      var next: [State] = []
      for state in frontier {
        for lane in lanes.indices where lane != state.lane {
          var reached = state
          reached.lane = lane
          // A lane runs on as far as it can: stopping early never saves a switch later.
          while isReady(lane, reached) {
            reached.taken[lane] += 1
            var stop = reached
            stop.lane = lane
            if seen.insert(stop).inserted {
              cameFrom[stop] = state
              next.append(stop)
            }
            if stop.taken == whole { return path(to: stop, cameFrom) }
          }
          if seen.count > Limits.witnessStatesMax { return nil }
        }
      }
      frontier = next
    }
    return nil
  }

  /// Whether the lane has a step left, and what must come before it was taken.
  private func isReady(_ lane: Int, _ state: State) -> Bool {
    let taken = Int(state.taken[lane])
    guard taken < lanes[lane].count else { return false }
    let counts = needed[lane][taken]
    return counts.indices.allSatisfy { counts[$0] <= state.taken[$0] }
  }

  private func path(to end: State, _ cameFrom: [State: State]) -> [Int] {
    var states = [end]
    while let state = states.last, let previous = cameFrom[state] { states.append(previous) }
    var steps: [Int] = []
    for (from, to) in zip(states.reversed(), states.reversed().dropFirst()) {
      let range = Int(from.taken[to.lane])..<Int(to.taken[to.lane])
      steps += lanes[to.lane][range]
    }
    return steps
  }
}
