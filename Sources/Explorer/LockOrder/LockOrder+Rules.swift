// What breaks the order. Each search is over the classes of one program: a handful.

extension LockOrder {
  /// The fewest edges that lead from one class to another; none where they are the same.
  func path(from start: Int, to end: Int) -> [Edge]? {
    var paths: [Int: [Edge]] = [start: []]
    var frontier = [start]
    while !frontier.isEmpty {
      var next: [Int] = []
      for id in frontier {
        if id == end { return paths[id] }
        for edge in classes[id].after where paths[edge.next] == nil {
          paths[edge.next] = (paths[id] ?? []) + [edge]
          next.append(edge.next)
        }
      }
      frontier = next
    }
    return nil
  }

  /// Looks for a way back from the class that was taken to the one that was held.
  mutating func checkCycle(_ outer: Int, _ taken: Int, _ sentence: String) {
    if outer == taken { return report("lock-order/recursive", [sentence]) }
    guard let back = path(from: taken, to: outer) else { return }
    report("lock-order/cycle", back.map(\.sentence) + [sentence])
  }

  /// Looks for a class taken in handlers from which the order leads to one that such a handler can
  /// come upon: whoever holds the second is interrupted by a handler that waits for the first,
  /// whose holder waits for the second.
  mutating func checkHandlers(
    taking taken: LockFact.Kind, over held: LockFact.Kind, _ rule: String
  ) {
    for safe in classes.indices {
      guard let handler = classes[safe].uses[taken] else { continue }
      for unsafeClass in classes.indices {
        guard let task = classes[unsafeClass].uses[held],
          let path = path(from: safe, to: unsafeClass)
        else { continue }
        return report(rule, [handler] + path.map(\.sentence) + [task])
      }
    }
  }

  private mutating func report(_ rule: String, _ sentences: [String]) {
    guard finding == nil else { return }
    finding = Failure(
      verdict: .lockOrder, rule: rule, message: sentences.joined(separator: "; ") + ".")
  }
}
