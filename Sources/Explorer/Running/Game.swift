/// Lets somebody choose the steps of one execution.
///
/// Every position is made anew, from the start: going back is the same as never having gone on.
package final class Game {
  private let exploration: Exploration

  /// A game with the steps of this scenario.
  package init(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    exploration = Exploration(name: name, options: ExplorationOptions(), scenario: scenario)
  }

  /// Performs the moves and says what may come next.
  package func position(after moves: [PlayMove]) -> PlayPosition {
    let guide = PlayGuide(moves)
    let recorder = Recorder()
    exploration.follow(guide, recorder)
    let conductor = exploration.conductor
    let broken = guide.openChoice == nil ? conductor.failure ?? conductor.suspicion : nil
    // A free that nothing orders has broken a rule already; whoever plays wants to see it happen.
    let isOver = conductor.failure != nil || guide.options.isEmpty && guide.openChoice == nil
    let report = exploration.schedule(recorder, broken: isOver ? broken : nil)
    return PlayPosition(
      lanes: report.lanes, steps: report.steps,
      options: guide.options.map { option($0, lanes: Lanes(threads: conductor.threads)) },
      choicesBelow: guide.openChoice, movesTaken: guide.taken,
      isOver: isOver, failure: isOver && broken != nil ? report : nil)
  }

  private func option(_ thread: VirtualThread, lanes: Lanes) -> PlayOption {
    let event = StepDescription(arena: exploration.conductor.arena).text(
      of: thread.pending, by: thread)
    let hasSite = if case .event = thread.pending { true } else { false }
    let line = hasSite ? thread.site.line(where: ScheduleText.isWorthSaying) : nil
    return PlayOption(
      thread: thread.index, name: thread.name, lane: lanes.lane(of: thread.index), event: event,
      source: line.map(ScheduleText.source(of:)) ?? "",
      place: line.map { "\($0.file):\($0.line)" } ?? "")
  }
}

/// One choice of somebody who plays.
package enum PlayMove: Sendable, Codable, Hashable {
  /// This thread takes a step.
  case step(thread: Int)
  /// An open choice of the program comes to this.
  case choose(UInt64)
}

/// A thread that may take the next step.
package struct PlayOption: Sendable, Codable, Hashable {
  package let thread: Int
  package let name: String
  package let lane: Int
  /// What its step does, and where it stands in the sources.
  package let event: String
  package let source: String
  package let place: String
}

/// Where a game stands.
package struct PlayPosition: Sendable, Codable {
  package let lanes: [String]
  /// What happened so far.
  package let steps: [ReportStep]
  /// Who may step next.
  package let options: [PlayOption]
  /// The program wants a number below this; nil where it wants none.
  package let choicesBelow: UInt64?
  /// How many of the moves could be made.
  package let movesTaken: Int
  /// Whether the execution has come to its end, or a rule was broken.
  package let isOver: Bool
  /// What was broken, with the name of the schedule.
  package let failure: FailureReport?
}

/// Follows moves, and stops where they end.
private final class PlayGuide: Guide {
  private let moves: [PlayMove]
  private(set) var taken = 0
  private(set) var options: [VirtualThread] = []
  private(set) var openChoice: UInt64?

  init(_ moves: [PlayMove]) { self.moves = moves }

  override func next(of enabled: UInt32, in conductor: ExplorationConductor) -> VirtualThread? {
    let threads = conductor.threads.filter { enabled & $0.bit != 0 }
    if openChoice == nil {
      if taken < moves.count, case .step(let wanted) = moves[taken],
        let thread = threads.first(where: { $0.index == wanted })
      {
        taken += 1
        return thread
      }
      options = threads
    }
    conductor.ending = .scriptEnded
    return nil
  }

  override func nextChoice(below limit: UInt64) -> UInt64? {
    guard openChoice == nil else { return nil }
    if taken < moves.count, case .choose(let value) = moves[taken], value < limit {
      taken += 1
      return value
    }
    openChoice = limit
    return nil
  }
}
