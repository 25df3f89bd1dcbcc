/// Explores with several processes and finds exactly what one would.
///
/// This process searches as if it were alone. Meanwhile the others explore alternatives that it
/// will come to, nearest to the root first, because these are the largest. When it does come to
/// one, it takes over how far the other got. Which alternatives a decision has may turn out only
/// while earlier ones are explored; what was explored under a wrong guess is dropped.
final class ParallelSearch {
  private let search: SearchRun
  private let jobs: Int
  private let turnsMax: Int
  private var workers: [SearchWorker] = []
  private var finished: [(part: SearchPart, state: SearchState)] = []

  init(_ search: SearchRun, jobs: Int, turnsMax: Int) {
    self.search = search
    self.jobs = min(jobs, Limits.jobsMax)
    self.turnsMax = turnsMax
  }

  func run(_ monitor: SearchMonitor) {
    search.run(
      turnsMax: turnsMax,
      isPause: {
        if monitor.isTimeToStop(search.state) { return true }
        handOut()
        return false
      }, didTurn: takeOver)
    for worker in workers { worker.end() }
    workers = []
  }

  /// Gives idle workers something to do.
  private func handOut() {
    if workers.isEmpty, search.state.turns >= Limits.executionsBeforeJobs {
      for _ in 1..<jobs {
        if let worker = SearchWorker(search, turnsMax: turnsMax) { workers.append(worker) }
      }
    }
    let (nodes, places) = (search.state.nodes, search.state.handlerPlaces)
    finished.removeAll { !$0.part.isAhead(of: nodes, places) }
    for worker in workers {
      if let part = worker.part, !part.isAhead(of: nodes, places) { _ = worker.collect() }
      if let part = worker.part, worker.hasFinished, let state = worker.collect() {
        finished.append((part, state))
      }
    }
    guard workers.contains(where: { $0.part == nil }) else { return }
    var free = workers.filter { $0.part == nil }
    let taken = workers.compactMap(\.part) + finished.map(\.part)
    SearchPart.forEach(aheadOf: nodes, places) { part in
      if !taken.contains(part) { free.popLast()?.start(part) }
      return !free.isEmpty
    }
  }

  /// Takes over what was explored of the alternatives that come next.
  private func takeOver() {
    while search.state.ending == .open, let part = collectNext() {
      guard part.state.ending != .learnt, search.reaches(part.state, turnsMax: turnsMax) else {
        return
      }
      search.adopt(part.state, floor: part.floor)
    }
  }

  private func collectNext() -> (state: SearchState, floor: Int)? {
    let (nodes, places) = (search.tree.nodes, search.state.handlerPlaces)
    if let index = finished.firstIndex(where: { $0.part.isNext(after: nodes, places) }) {
      let found = finished.remove(at: index)
      return (found.state, found.part.floor)
    }
    for worker in workers {
      guard let part = worker.part, part.isNext(after: nodes, places) else { continue }
      return worker.collect().map { ($0, part.floor) }
    }
    return nil
  }
}

/// One alternative of a decision, with everything below it.
struct SearchPart: Equatable {
  /// The decisions that lead there; the last one makes the choice.
  let nodes: [SearchTree.Node]
  /// What handlers were known to use, which decides where decisions are.
  let handlerPlaces: [HandlerPlace]

  var floor: Int { nodes.count }
  private var last: SearchTree.Node { nodes[floor - 1] }

  /// Whether the search is about to explore it.
  func isNext(after nodes: [SearchTree.Node], _ places: [HandlerPlace]) -> Bool {
    guard nodes.count == floor, places == handlerPlaces else { return false }
    let node = nodes[floor - 1]
    return node.chosen == last.chosen && node.done == last.done && hasPrefix(nodes)
  }

  /// Whether a search that is here now will come to explore it, for all that is known.
  func isAhead(of nodes: [SearchTree.Node], _ places: [HandlerPlace]) -> Bool {
    guard nodes.count >= floor, places == handlerPlaces, hasPrefix(nodes) else { return false }
    var isAhead = false
    Self.forEachAlternative(of: nodes[floor - 1]) { node in
      if node.chosen == last.chosen { isAhead = node.done == last.done }
      return node.chosen != last.chosen
    }
    return isAhead
  }

  /// The decisions that were made are the same; a path is taken only once.
  private func hasPrefix(_ nodes: [SearchTree.Node]) -> Bool {
    for index in 0..<(floor - 1) where nodes[index].chosen != self.nodes[index].chosen {
      return false
    }
    return true
  }

  /// Parts that lie ahead, those nearest to the root first, as long as `body` wants more.
  static func forEach(
    aheadOf nodes: [SearchTree.Node], _ places: [HandlerPlace], _ body: (SearchPart) -> Bool
  ) {
    var wantsMore = true
    for index in nodes.indices where wantsMore {
      forEachAlternative(of: nodes[index]) { node in
        wantsMore = body(SearchPart(nodes: nodes[..<index] + [node], handlerPlaces: places))
        return wantsMore
      }
    }
  }

  /// What the decision will turn to, in order, as long as `body` wants more.
  private static func forEachAlternative(
    of node: SearchTree.Node, _ body: (SearchTree.Node) -> Bool
  ) {
    var next = node
    next.signature = 0
    switch node.kind {
    case .choice(let limit):
      while UInt64(next.chosen) + 1 < limit {
        next.chosen += 1
        if !body(next) { return }
      }
    case .schedule:
      while true {
        next.done |= 1 << UInt32(next.chosen)
        let untried = next.wanted & ~next.done & ~next.sleeping
        guard untried != 0 else { return }
        next.chosen = untried.trailingZeroBitCount
        if !body(next) { return }
      }
    }
  }
}
