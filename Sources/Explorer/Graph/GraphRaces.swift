/// Looks for accesses of one finished execution that nothing orders.
struct GraphRaces {
  private let graph: ExecutionGraph
  private let conductor: GraphConductor

  init(_ conductor: GraphConductor) {
    self.conductor = conductor
    graph = conductor.graph
  }

  func firstFailure() -> Failure? {
    guard !GraphClocks(graph: graph).orderEverything else { return nil }
    let order = KernelOrder(graph, withObjects: true)
    let visibility = KernelVisibility(order)
    if let use = firstUnorderedUse(order.base, visibility) { return use }
    guard let (first, second) = visibility.races().min(by: { $0.1 < $1.1 }) else { return nil }
    return race(order.base.nodes[first], order.base.nodes[second])
  }

  /// A thread's use of an object that the setup freed or retired.
  ///
  /// Asked before the final claims, which end objects too.
  func firstUseOfWhatTheSetupFreed() -> Failure? {
    let ended = Set(conductor.arena.objects.filter(\.hasEnded).map(\.name))
    guard !ended.isEmpty,
      let use = graph.nodes.first(where: { $0.isAccess && ended.contains($0.object) })
    else { return nil }
    let index = conductor.arena.object(at: conductor.places.address(of: use.location))
    var failure = Failure.usesFreed(
      name(use), index, freedBy: conductor.threads[0].name, in: conductor.arena)
    failure.nodes = [number(use)]
    return failure
  }

  private func race(_ first: GraphNode, _ second: GraphNode) -> Failure {
    let verb = second.kind == .write ? "writes" : "reads"
    let place = conductor.arena.describe(conductor.places.address(of: second.location))
    return Failure(
      verdict: .dataRace, rule: "data-race",
      message: "\(name(second)) \(verb) \(place) while nothing orders this with an access by "
        + "\(name(first)).",
      nodes: [number(first), number(second)])
  }

  /// An access that is not after its object's beginning and before its end.
  private func firstUnorderedUse(_ base: KernelOrderBase, _ visibility: KernelVisibility)
    -> Failure?
  {
    for end in 0..<base.count
    where base.nodes[end].kind == .free || base.nodes[end].kind == .allocation {
      for use in 0..<base.count
      where base.nodes[use].isAccess && base.nodes[use].object == base.nodes[end].object {
        if base.nodes[end].kind == .free, isAfter(use, end, base, visibility) {
          return useAfterFree(base.nodes[use], base.nodes[end])
        }
        if base.nodes[end].kind == .allocation, !base.isInside(end, use),
          !visibility.isOrdered(end, before: use)
        {
          return beforeInitialisation(base.nodes[use], base.nodes[end])
        }
      }
    }
    return nil
  }

  private func isAfter(
    _ use: Int, _ end: Int, _ base: KernelOrderBase, _ visibility: KernelVisibility
  ) -> Bool {
    base.isInside(use, end)
      ? base.nodes[use].position > base.nodes[end].position
      : !visibility.isOrdered(use, before: end)
  }

  private func useAfterFree(_ use: GraphNode, _ end: GraphNode) -> Failure {
    let nodes = [number(end), number(use)]
    guard mustComeBefore(use, end) else {
      let index = conductor.arena.object(at: conductor.places.address(of: use.location))
      var failure = Failure.usesFreed(
        name(use), index, freedBy: name(end), in: conductor.arena,
        hasLeftSection: use.traits.contains(.afterSection))
      failure.nodes = nodes
      return failure
    }
    return Failure(
      verdict: .useAfterFree, rule: "use-after-free/unordered",
      message: "\(name(end)) frees \(object(use)), and nothing orders that after its use by "
        + "\(name(use)).",
      nodes: nodes)
  }

  /// Whether the use comes before the object's end in every order that agrees with what was read
  /// and written: then the use cannot be shown to come later, only that nothing keeps it from it.
  private func mustComeBefore(_ use: GraphNode, _ end: GraphNode) -> Bool {
    guard use.lane != end.lane else { return false }
    return SequentialOrder(graph).leads(
      from: graph.lanes[Int(use.lane)][Int(use.position)],
      to: graph.lanes[Int(end.lane)][Int(end.position)])
  }

  private func beforeInitialisation(_ use: GraphNode, _ begin: GraphNode) -> Failure {
    Failure(
      verdict: .dataRace, rule: "data-race/initialisation",
      message: "\(name(use)) uses \(object(use)), and nothing orders that after \(name(begin)) "
        + "made it.",
      nodes: [number(begin), number(use)])
  }

  private func object(_ node: GraphNode) -> String {
    conductor.arena.describe(conductor.places.address(of: node.location))
  }

  private func number(_ node: GraphNode) -> Int32 {
    graph.lanes[Int(node.lane)][Int(node.position)]
  }

  private func name(_ node: GraphNode) -> String { conductor.threadName(of: node) }
}
