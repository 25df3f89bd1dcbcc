package import Explorer

/// What the child tells the parent, one line of JSON each.
package enum Frame: Sendable, Codable {
  /// The first frame: the child understood the request.
  case begun(version: Int)
  /// One exploration came to an end.
  case explored(Explored)
  /// A replay came to an end.
  case replayed(Replayed)
  /// The last frame: nothing is missing.
  case finished(explorations: Int, skipped: Int)

  /// Both sides must speak the same version.
  package static let version = 1
}

/// One exploration, as the child saw it.
package struct Explored: Sendable, Codable {
  /// Counted from 1, in the order of the checks.
  package let index: Int
  /// What it had to come to.
  package let expected: Outcome
  /// What it came to.
  package let report: ExplorationReport
  /// The belief that its failure shows.
  package let misconception: Misconception?

  package init(
    index: Int, expected: Outcome, report: ExplorationReport, misconception: Misconception?
  ) {
    self.index = index
    self.expected = expected
    self.report = report
    self.misconception = misconception
  }
}

/// One replayed schedule, as the child saw it.
package struct Replayed: Sendable, Codable {
  package let index: Int
  /// What became of it, with the report of the one execution; nil where the checks have no such
  /// exploration.
  package let outcome: ReplayOutcome?
}

/// What the parent asks of the child.
package struct Request: Sendable, Codable {
  /// Performs one schedule of one exploration instead of searching.
  package struct Replay: Sendable, Codable {
    package let index: Int
    package let name: String

    package init(index: Int, name: String) {
      self.index = index
      self.name = name
    }
  }

  package let version: Int
  /// Stands before every frame: who cannot read the request cannot forge an answer.
  package let nonce: String
  /// What the child takes from itself before the exercise's first line runs.
  package let limits: ResourceLimits
  package let replay: Replay?
  /// Whether failing schedules name their source lines; slow to look up.
  package let namesLines: Bool

  package init(
    nonce: String, limits: ResourceLimits, replay: Replay? = nil, namesLines: Bool = true
  ) {
    version = Frame.version
    self.nonce = nonce
    self.limits = limits
    self.replay = replay
    self.namesLines = namesLines
  }
}

/// What a child may use, enforced by the kernel.
package struct ResourceLimits: Sendable, Codable {
  /// The child's own alarm; it rings even where nobody is left to stop the child.
  package let wallSeconds: UInt32
  package let cpuSeconds: UInt64
  package let memoryBytes: UInt64
  package let fileBytes: UInt64

  package init(wallSeconds: UInt32, cpuSeconds: UInt64, memoryBytes: UInt64, fileBytes: UInt64) {
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
    self.memoryBytes = memoryBytes
    self.fileBytes = fileBytes
  }
}

/// Descriptors the child finds open.
package enum Descriptor {
  /// The request, up to its end.
  package static let request: Int32 = 3
  /// The frames.
  package static let frames: Int32 = 4
}
