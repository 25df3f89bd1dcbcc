/// A new write that an earlier read could have read.
///
/// Taking it back to that read removes what was added since and does not lead to the write. Many
/// graphs agree on what is left; the one from which the step is taken is that in which everything
/// removed had been added in the canonical way: each read reads the latest write it could, each
/// write is the latest of its location, each choice is the first. Hence each graph is reached once.
///
/// Source: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic
/// Partial Order Reduction", POPL 2022, in our own words.
struct Revisit {
  let graph: ExecutionGraph
  let model: MemoryModel
  let read: Int32
  let write: Int32

  /// Whether this graph is the one to take the step from.
  var isCanonical: Bool {
    let view = graph[write].view
    for node in read..<write {
      guard node == read || !graph.isInPrefix(node, of: view) else { continue }
      guard isCanonical(node, view) else { return false }
    }
    return true
  }

  private func isCanonical(_ index: Int32, _ view: GraphClock) -> Bool {
    let node = graph[index]
    switch node.kind {
    case .choice: return node.value == 0
    case .read: return readsLatest(index, node, view)
    case .write: return isUnread(index, node) && isLatest(index, node, view)
    default: return true
    }
  }

  /// Whether a node was there when this one was added, or leads to the write.
  private func isPrevious(_ other: Int32, to index: Int32, _ view: GraphClock) -> Bool {
    other <= index || graph.isInPrefix(other, of: view)
  }

  private func readsLatest(_ index: Int32, _ node: GraphNode, _ view: GraphClock) -> Bool {
    var latest = graph.last(of: node.location)
    while latest != node.source {
      guard latest >= 0 else { return false }
      if isPrevious(latest, to: index, view) {
        guard graph.hasGracePeriods, !canRead(latest, index, view) else { return false }
      }
      latest = graph.previous(before: latest)
    }
    return node.source == ExecutionGraph.initial || isPrevious(node.source, to: index, view)
  }

  private func isUnread(_ index: Int32, _ node: GraphNode) -> Bool {
    for other in 0..<index where graph[other].kind == .read && graph[other].source == index {
      return false
    }
    return true
  }

  private func isLatest(_ index: Int32, _ node: GraphNode, _ view: GraphClock) -> Bool {
    var after = node.coherenceAfter
    while after >= 0 {
      if isPrevious(after, to: index, view) {
        guard graph.hasGracePeriods, !canFollow(after, index, view) else { return false }
      }
      after = graph[after].coherenceAfter
    }
    return true
  }

  // MARK: - Grace periods

  // A grace period may forbid the latest store to a read section that began before it; then the
  // latest one that is allowed is canonical.

  private func canRead(_ source: Int32, _ index: Int32, _ view: GraphClock) -> Bool {
    var (small, number) = graph.restricted {
      $0 != write && isPrevious($0, to: index, view)
    }
    small.redirect(number[Int(index)], to: number[Int(source)], value: graph[source].value)
    return model.admits(&small, addedLast: false)
  }

  private func canFollow(_ before: Int32, _ index: Int32, _ view: GraphClock) -> Bool {
    guard !graph[index].traits.contains(.update),
      graph.consumer(of: before, at: graph[index].location) == nil
    else { return false }
    var (small, number) = graph.restricted {
      $0 != write && $0 != index && isPrevious($0, to: index, view)
    }
    var node = graph[index]
    node.coherenceAfter = ExecutionGraph.none
    let again = small.add(node)
    small.place(again, after: number[Int(before)])
    return model.admits(&small, addedLast: false)
  }
}
