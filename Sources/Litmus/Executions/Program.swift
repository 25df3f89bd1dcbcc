/// One way through all threads: their events numbered in one row, the initial writes first.
struct Program {
  let variables: [String]
  let paths: [ThreadPath]
  /// Event numbers of each thread.
  let ranges: [Range<Int>]
  let events: [PathEvent]
  /// The thread of each event; -1 for initial writes.
  let threads: [Int]
  let assumptions: [(formula: Formula, isTrue: Bool)]

  init(variables: [String], initial: [Value], paths: [ThreadPath]) {
    self.variables = variables
    self.paths = paths
    var events: [PathEvent] = []
    var threads: [Int] = []
    var ranges: [Range<Int>] = []
    var assumptions: [(formula: Formula, isTrue: Bool)] = []
    for (place, value) in initial.enumerated() {
      events.append(
        PathEvent(
          kind: .initial, address: Tracked(formula: .constant(Value(number: 0, place: place))),
          value: Tracked(formula: .constant(value))))
      threads.append(-1)
    }
    for (thread, path) in paths.enumerated() {
      let offset = events.count
      for event in path.events {
        var event = event
        event.address.formula = event.address.formula.renumbered(offset)
        event.value.formula = event.value.formula.renumbered(offset)
        event.readHalf = event.readHalf.map { $0 + offset }
        events.append(event)
        threads.append(thread)
      }
      ranges.append(offset..<events.count)
      assumptions += path.assumptions.map { ($0.formula.renumbered(offset), $0.isTrue) }
    }
    self.events = events
    self.threads = threads
    self.ranges = ranges
    self.assumptions = assumptions
  }

  var count: Int { events.count }

  /// Whether one event of a thread comes before another in it.
  func isBefore(_ one: Int, _ other: Int) -> Bool {
    threads[one] == threads[other] && threads[one] >= 0 && one < other
  }

  func events(where isMember: (PathEvent) -> Bool) -> EventSet {
    EventSet(count: count) { isMember(events[$0]) }
  }
}
