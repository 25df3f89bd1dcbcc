/// Watches a search from outside: may stop it, keep its state, and say where it goes on.
package struct SearchMonitor {
  /// Where the search begins; from the start if nil.
  package var start: SearchState?
  /// Asked between executions, every few dozen; true stops the search here.
  package var isTimeToStop: (SearchState) -> Bool
  /// Told how far the search came.
  package var didEnd: (SearchState) -> Void
  /// Asked between random schedules.
  package var isTimeToGiveUp: (_ schedules: Int) -> Bool

  /// Watches nothing unless told so.
  package init(
    start: SearchState? = nil, isTimeToStop: @escaping (SearchState) -> Bool = { _ in false },
    didEnd: @escaping (SearchState) -> Void = { _ in },
    isTimeToGiveUp: @escaping (_ schedules: Int) -> Bool = { _ in false }
  ) {
    self.start = start
    self.isTimeToStop = isTimeToStop
    self.didEnd = didEnd
    self.isTimeToGiveUp = isTimeToGiveUp
  }
}

/// ``explore(_:options:_:)`` for programs that show how it goes.
package func explore(
  _ name: String, options: ExplorationOptions, watchedBy monitor: SearchMonitor,
  _ scenario: @escaping @Sendable (Lab) -> Void
) -> ExplorationReport {
  options.exploresGraphs
    ? GraphExploration(name: name, options: options, scenario: scenario).run(monitor)
    : Exploration(name: name, options: options, scenario: scenario).run(monitor)
}
