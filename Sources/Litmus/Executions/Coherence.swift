/// The orders in which the writes of one variable may have reached memory.
struct Coherence {
  let program: Program
  let source: [Int?]
  let place: [Int?]

  /// One possibility: the writes in order, and what the lock's reads read from.
  struct Choice {
    var order: [Int]
    var sources: [(read: Int, write: Int)] = []
  }

  /// All that agree with what is decided, and leave updates whole.
  func choices(for variable: Int, given before: Relation) throws(LitmusError) -> [Choice] {
    let accesses = (0..<program.count).filter {
      place[$0] == variable && program.events[$0].kind.isAccess
    }
    if accesses.contains(where: { program.events[$0].kind.touchesLock }) {
      return try LockOrders(self, accesses).choices()
    }
    let writes = accesses.filter { program.events[$0].kind.isWrite }
    var found: [Choice] = []
    try extend([], writes, before) { order throws(LitmusError) in
      guard found.count < Limits.ordersMax else {
        throw LitmusError(
          line: 0, "One variable has more than \(Limits.ordersMax) orders of its writes.",
          repair: "Use fewer writes of one variable.")
      }
      found.append(Choice(order: order))
    }
    return found
  }

  /// The part of the coherence order that is already decided; nil if that is a circle.
  var decided: Relation? {
    var co = Relation(count: program.count)
    var accesses: [Int: [Int]] = [:]
    for event in 0..<program.count {
      guard let variable = place[event], variable >= 0, !program.events[event].kind.touchesLock
      else { continue }
      accesses[variable, default: []].append(event)
    }
    for group in accesses.values where !force(group, source, &co) { return nil }
    co = co.plus
    return co.isIrreflexive ? co : nil
  }

  /// Whether what is decided orders every two writes of a variable; locks do not count.
  func isTotal(_ decided: Relation) -> Bool {
    var counts: [Int: Int] = [:]
    for (event, place) in place.enumerated() {
      let kind = program.events[event].kind
      if let place, kind.isWrite, !kind.touchesLock { counts[place, default: 0] += 1 }
    }
    let pairs = counts.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    return decided.words.reduce(0) { $0 + $1.nonzeroBitCount } == pairs
  }

  /// Adds what must be before what; false if a thread reads its own future.
  ///
  /// Whoever sees or writes a write cannot later see or write an earlier one.
  private func force(_ accesses: [Int], _ source: [Int?], _ before: inout Relation) -> Bool {
    for one in accesses {
      let first = program.events[one].kind.isWrite ? one : source[one]
      if let first, program.events[one].kind.isWrite, program.threads[one] < 0 {
        for other in accesses where other != one && program.events[other].kind.isWrite {
          before.insert(first, other)
        }
      }
      for other in accesses where program.isBefore(one, other) {
        let second = program.events[other].kind.isWrite ? other : source[other]
        guard let first, let second else { continue }
        if first != second {
          before.insert(first, second)
        } else if program.events[other].kind.isWrite {
          return false
        }
      }
    }
    return true
  }

  private func extend(
    _ order: [Int], _ rest: [Int], _ before: Relation,
    _ body: ([Int]) throws(LitmusError) -> Void
  ) throws(LitmusError) {
    if rest.isEmpty { return try body(order) }
    for write in rest where !rest.contains(where: { before.contains($0, write) }) {
      let others = rest.filter { $0 != write }
      if !splitsUpdate(write, order, others) {
        try extend(order + [write], others, before, body)
      }
    }
  }

  /// Whether the write would come between an update's read and its write, from another thread.
  private func splitsUpdate(_ write: Int, _ order: [Int], _ rest: [Int]) -> Bool {
    rest.contains { other in
      guard let half = program.events[other].readHalf, let from = source[half] else { return false }
      return program.threads[write] != program.threads[other] && order.contains(from)
    }
  }

  /// Whether the order agrees with every thread's accesses, once the sources are known.
  func isCoherent(_ order: [Int], among accesses: [Int], _ source: [Int?]) -> Bool {
    var before = Relation(count: program.count)
    guard force(accesses, source, &before) else { return false }
    for (index, write) in order.enumerated() {
      for later in order.dropFirst(index + 1) { before.insert(write, later) }
    }
    return before.isAcyclic
  }
}
