internal import Machine

/// Searches the execution graphs of a scenario, each once: a decision says which of the graphs that
/// an execution left open comes next.
///
/// A graph is known by the decisions that lead to it, so a search can be kept as a few numbers and
/// go on in another process: what is missing is made again, one execution a decision.
final class GraphRun: SearchRun {
  let conductor: GraphConductor
  private var decisions = SearchTree(reduction: .none)
  /// For each decision the graphs that were not explored yet, the current one last.
  private var levels: [[ExecutionGraph]] = []

  init(_ conductor: GraphConductor, _ scenario: @escaping @Sendable (Lab) -> Void) {
    self.conductor = conductor
    super.init(scenario)
  }

  override var tree: SearchTree {
    get { decisions }
    set { decisions = newValue }
  }
  override var lockOrder: LockOrder {
    get { conductor.lockOrder }
    set { conductor.lockOrder = newValue }
  }

  override func didRestore() {
    levels = []
    conductor.handlerPlaces = HandlerPlaces(state.handlerPlaces)
  }

  override func didAdopt() { dropLevels() }

  // MARK: - One execution

  override func performNext() -> SearchState.Ending? {
    guard let graph = nextGraph() else {
      return conductor.handlerPlaces.found.isEmpty ? .diverged : beginAnew()
    }
    execute(graph)
    if conductor.isOutOfReach != nil {
      state.wasCut = true
      return .complete
    }
    count()
    if conductor.failure != nil {
      state.failing = way
      return .failed
    }
    if !conductor.handlerPlaces.found.isEmpty { return beginAnew() }
    return turn() ? nil : .complete
  }

  private func execute(_ graph: ExecutionGraph) {
    conductor.alternatives.removeAll(keepingCapacity: true)
    conductor.execute(graph, scenario)
    conductor.lockOrder.explainFacts { way }
  }

  /// The decisions that led to the current execution.
  private var way: SavedSchedule { SavedSchedule(wayTo: decisions.nodes) }

  private func count() {
    switch conductor.ending {
    case .complete, .failed: state.executions += 1
    case .tooLong: state.wasCut = true
    default: state.redundant += 1
    }
    state.steps += conductor.graph.nodes.count
    state.lockFacts = conductor.lockOrder.facts
    if conductor.ending == .complete { count(outcomes: conductor.outcomes) }
  }

  /// A handler was seen to use a word for the first time: it can fire at places that were not
  /// offered so far.
  private func beginAnew() -> SearchState.Ending? {
    guard decisions.floor == 0 else { return .learnt }
    conductor.handlerPlaces.learn()
    var start = SearchState()
    start.handlerPlaces = conductor.handlerPlaces.sorted
    restore(start)
    return nil
  }

  // MARK: - Which graph comes next

  /// Turns to the next graph: one that the execution left open, or one left open before.
  private func turn() -> Bool {
    guard !conductor.alternatives.isEmpty else {
      defer { dropLevels() }
      return decisions.advance()
    }
    decisions.append(.choice(limit: UInt64(conductor.alternatives.count)))
    takeAlternatives()
    return true
  }

  /// Forgets the graphs of decisions that are done.
  private func dropLevels() { levels.removeLast(max(levels.count - decisions.nodes.count, 0)) }

  private func takeAlternatives() {
    levels.append(conductor.alternatives)
    conductor.alternatives = []
  }

  /// - Returns: nil where the executions on the way left other graphs open than they once did.
  private func nextGraph() -> ExecutionGraph? {
    let nodes = decisions.nodes
    for index in nodes.indices {
      if index == levels.count {
        execute(levels.last?.last ?? ExecutionGraph())
        guard conductor.alternatives.count == nodes[index].limit else { return nil }
        takeAlternatives()
      }
      levels[index].removeLast(levels[index].count - nodes[index].left)
    }
    return levels.last?.last ?? ExecutionGraph()
  }

  /// Performs the execution again that some decisions led to.
  ///
  /// - Returns: Its graph; nil where they lead nowhere.
  func perform(_ way: SavedSchedule) -> ExecutionGraph? {
    conductor.handlerPlaces = HandlerPlaces(state.handlerPlaces)
    var graph = ExecutionGraph()
    for choice in way.choices {
      execute(graph)
      let place = conductor.alternatives.count - 1 - Int(choice)
      guard conductor.alternatives.indices.contains(place) else { return nil }
      graph = conductor.alternatives[place]
    }
    execute(graph)
    return conductor.graph
  }
}

extension SearchTree.Node {
  /// How many values a choice has, 0 for what is none.
  fileprivate var limit: UInt64 { if case .choice(let limit) = kind { limit } else { 0 } }
  /// How many of them are not done, the current one included.
  fileprivate var left: Int { Int(limit) - chosen }
}
