package import Explorer

/// What a program of scenarios tells `fencelab`, one line of JSON each.
package enum ScenarioFrame: Sendable, Codable {
  /// A search goes on.
  case progress(SearchProgress)
  /// How far everything has come, to go on another time.
  case checkpoint(Checkpoint)
  /// A search has ended.
  case explored(index: Int, report: ExplorationReport)
  /// One schedule was performed.
  case replayed(ReplayOutcome)
  /// Where a game stands after the moves so far.
  case position(PlayPosition)
  /// The last frame: nothing is missing.
  case finished(explorations: Int)
}

/// A search at one moment.
package struct SearchProgress: Sendable, Codable {
  /// Which exploration, from 1, and its name.
  package let index: Int
  package let name: String
  package let executions: Int
  package let perSecond: Int
  /// About how many executions there will be.
  package let estimate: Int?
  /// Random schedules tried; nil while the search itself goes on.
  package let random: Int?
}

/// What a later run needs in order to go on where this one stopped.
package struct Checkpoint: Sendable, Codable {
  /// Explorations that came to an end, in order.
  package var ended: [ExplorationReport]
  /// The next one, half done; nil where it has not begun.
  package var open: SearchState?
}

/// What `fencelab` asks of a program of scenarios: the first line on ``ScenarioDescriptor/orders``.
package struct ScenarioRequest: Sendable, Codable {
  /// What to do.
  package enum Task: Sendable, Codable {
    /// Explore everything.
    case explore
    /// Perform one schedule of one exploration.
    case replay(index: Int, schedule: String)
    /// Let somebody choose the steps of one exploration.
    case play(index: Int)
  }

  package var task: Task
  package var jobs = 1
  package var seed: UInt64 = 1
  package var isWeak = false
  /// A search may explore so many executions in this run.
  package var executionsMax: Int?
  /// A search may take so long in this run.
  package var secondsMax: Double?
  package var wantsCheckpoints = false
  /// Where an earlier run stopped.
  package var checkpoint: Checkpoint?

  package init(_ task: Task) { self.task = task }
}

/// What somebody who plays asks for, one line of JSON each.
package enum PlayOrder: Sendable, Codable {
  /// The position after these moves, from the start.
  case moves([PlayMove])
}

/// Descriptors that the program finds open.
package enum ScenarioDescriptor {
  /// The request, and the orders of a game.
  package static let orders: Int32 = 3
  /// The frames.
  package static let frames: Int32 = 4
  /// Set in the environment of a program that finds them open.
  package static let variable = "FENCELAB_SCENARIO"
}
