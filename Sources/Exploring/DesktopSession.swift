internal import Desktop
internal import Fences
public import Grading
internal import Simulator
public import Timeline

/// What `fencelab run desktop` was asked.
public struct DesktopRequest: Sendable {
  /// Frames that each game draws.
  public var frames = 120
  /// Decides how long everything takes.
  public var seed: UInt64 = 1
  /// The names of designs, separated by commas.
  public var policy = "upstream"
  /// The number of the render engine's job that hangs, 0 for none; nil for one in the middle.
  public var hang: Int?

  /// Two seconds under upstream's designs.
  public init() {}
}

/// Runs the load of a whole desktop.
public struct DesktopSession: Sendable {
  private let options: Desktop.Options
  private let choice: PolicyChoice

  /// The names of the designs that can be chosen.
  public static var policyNames: [String] { PolicyChoice.names }

  /// Refuses numbers that are out of range and names that nothing has.
  public init(_ request: DesktopRequest) throws(GradingError) {
    guard (1...Desktop.frameCountMax).contains(request.frames) else {
      throw GradingError(
        "\(request.frames) is no number of frames to run.",
        repair: "Choose 1 to \(Desktop.frameCountMax).")
    }
    if let job = request.hang, job < 0 {
      throw GradingError(
        "There is no job \(job) to hang.", repair: "Jobs count from 1; 0 lets none hang.")
    }
    choice = try PolicyChoice.named(request.policy)
    var options = Desktop.Options()
    options.frames = request.frames
    options.seed = request.seed
    options.policy = choice.policy
    options.hang = request.hang.map { $0 == 0 ? .none : .job($0) } ?? .inTheMiddle
    self.options = options
  }

  /// Runs it.
  ///
  /// - Parameters:
  ///   - isDrawing: Whether ``DesktopSheet/timeline`` is wanted; it keeps everything that happened.
  ///   - progress: Hears how far the run is.
  public func run(
    isDrawing: Bool = false, _ progress: @escaping @Sendable (String) -> Void = { _ in }
  ) -> DesktopSheet {
    let frames = options.frames
    let report = Desktop.run(options, isDrawing: isDrawing) { frame in
      if frame % 10 == 0 { progress("frame \(frame) of about \(frames)") }
    }
    return DesktopSheet(report, policy: choice.name)
  }
}

/// A form in which the load's results are printed.
public enum DesktopFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// For programs; version 1.
  case json
}

extension DesktopSheet {
  /// What every CPU, engine and fence did, if the run was drawn.
  public var timeline: Timeline { report.machine.timeline }
}
