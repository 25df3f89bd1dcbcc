internal import FoundationEssentials
public import Grading
internal import ScenarioKit

/// What somebody asks for besides the file.
public struct ExploreSettings: Sendable {
  /// Explore on weak memory.
  public var isWeak = false
  /// A search may explore so many executions.
  public var executionsMax: Int?
  /// A search may take so long.
  public var secondsMax: Double?
  /// Processes that search at the same time.
  public var jobs = 1
  /// Decides the random schedules that follow a search that ended early.
  public var seed: UInt64 = 1
  /// Where the search keeps how far it came, and goes on from.
  public var checkpoint: String?

  /// The defaults.
  public init() {}
}

/// Explores the scenarios of one file.
public struct ExploreSession {
  private let file: String
  private let settings: ExploreSettings

  /// - Parameter file: A Swift file with calls of `explore` at its top level.
  public init(_ file: String, _ settings: ExploreSettings) {
    self.file = file
    self.settings = settings
  }

  /// Compiles and explores.
  ///
  /// - Parameter show: Gets a line that says how it goes, several times a second.
  public func run(_ show: (String) -> Void) throws(GradingError) -> ExploreResults {
    let workspace = try ScenarioFile.workspace()
    let program = try ScenarioFile(file, workspace)
    defer { program.clean() }
    var request = ScenarioRequest(.explore)
    request.jobs = settings.jobs
    request.seed = settings.seed
    request.isWeak = settings.isWeak
    request.executionsMax = settings.executionsMax
    request.secondsMax = settings.secondsMax
    let checkpoint = settings.checkpoint.map { CheckpointFile($0, of: program.identity) }
    request.wantsCheckpoints = checkpoint != nil
    request.checkpoint = try checkpoint?.read()
    var results = ExploreResults(file: file)
    results.isContinued = request.checkpoint != nil
    try follow(ScenarioProcess(program.path, request), &results, checkpoint, show)
    try ReplayBook(workspace).note(results)
    if results.exitCode != .stopped { checkpoint?.remove() }
    return results
  }

  private func follow(
    _ process: ScenarioProcess, _ results: inout ExploreResults, _ checkpoint: CheckpointFile?,
    _ show: (String) -> Void
  ) throws(GradingError) {
    var isComplete = false
    while let frame = process.next(
      secondsMax: settings.secondsMax,
      isSilent: { show("one execution has been running for \($0) s; Ctrl-C stops it") })
    {
      switch frame {
      case .progress(let progress): show(ProgressLine(progress).text)
      case .checkpoint(let state): try checkpoint?.write(state)
      case .explored(_, let report): results.reports.append(report)
      case .finished: isComplete = true
      case .replayed, .position: break
      }
    }
    // A program that never calls `explore` has nothing to say, and ends well.
    let saidNothing = results.reports.isEmpty && process.endedWell()
    if process.wasStuck {
      results.wasStuck = true
      results.breakOff = GradingError(
        "An execution of \(file) did not end, so it was stopped.",
        repair: "A loop that reads no machine word is never seen by the explorer: let it read one, "
          + "or end it.")
      return
    }
    guard isComplete || saidNothing else {
      results.breakOff = GradingError(
        "\(file) ended before its explorations did.",
        repair: "A trap in a scenario ends everything, and its message stands above. The virtual "
          + "machine has 8 CPUs and room for 14 threads; for claims there is lab.expect.")
      return
    }
    guard !results.reports.isEmpty else {
      throw GradingError(
        "\(file) explores nothing.",
        repair: "Call explore(\"what is claimed\") { lab in … } at its top level.")
    }
  }
}
