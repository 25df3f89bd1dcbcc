/// The cache of one CPU: sets of lines, of which the longest unused one makes room.
struct Cache {
  private struct Entry {
    let line: Int
    var state: LineState
    var lastUse: Int
  }

  private var sets: [[Entry]]
  private let wayCount: Int
  private var useCount = 0

  init(setCount: Int, wayCount: Int) {
    precondition(setCount > 0 && wayCount > 0, "a cache has room for a line")
    sets = Array(repeating: [], count: setCount)
    self.wayCount = wayCount
  }

  func state(of line: Int) -> LineState {
    sets[set(of: line)].first { $0.line == line }?.state ?? .invalid
  }

  /// Notes that the line was used just now.
  mutating func touch(_ line: Int) {
    useCount += 1
    let set = set(of: line)
    if let way = sets[set].firstIndex(where: { $0.line == line }) {
      sets[set][way].lastUse = useCount
    }
  }

  /// Gives a line that is here another state, or drops it.
  mutating func change(_ line: Int, to state: LineState) {
    let set = set(of: line)
    guard let way = sets[set].firstIndex(where: { $0.line == line }) else { return }
    if state == .invalid { sets[set].remove(at: way) } else { sets[set][way].state = state }
  }

  /// Takes a line in.
  ///
  /// - Returns: The line that had to go for it, with its state.
  mutating func insert(_ line: Int, _ state: LineState) -> (line: Int, state: LineState)? {
    useCount += 1
    let set = set(of: line)
    var victim: (line: Int, state: LineState)?
    if sets[set].count == wayCount,
      let oldest = sets[set].indices.min(by: { sets[set][$0].lastUse < sets[set][$1].lastUse })
    {
      let entry = sets[set].remove(at: oldest)
      victim = (entry.line, entry.state)
    }
    sets[set].append(Entry(line: line, state: state, lastUse: useCount))
    return victim
  }

  private func set(of line: Int) -> Int { line % sets.count }
}
