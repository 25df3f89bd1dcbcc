internal import ExerciseKit
internal import FoundationEssentials

/// Compiles an exercise, runs its checks in a child, and judges.
public struct ExerciseGrader: Sendable {
  let workspace: Workspace
  let kit: Kit
  let limits: ChildProcess.Limits

  /// Finds the kit and the compiler.
  public init(_ workspace: Workspace) throws(GradingError) {
    try self.init(workspace, limits: .checks)
  }

  package init(_ workspace: Workspace, limits: ChildProcess.Limits) throws(GradingError) {
    self.workspace = workspace
    self.limits = limits
    kit = try Kit.locate(workspace)
  }

  /// Grades an exercise.
  ///
  /// - Parameter file: A file in place of the learner's.
  public func grade(_ exercise: Exercise, with file: String? = nil) throws(GradingError)
    -> GradeResult
  {
    let start = ContinuousClock.now
    var result = try judged(exercise, file ?? exercise.file)
    result.milliseconds = start.duration(to: .now).milliseconds
    return result
  }

  /// Compiles one exercise, so that caches are filled and an editor finds the interfaces.
  public func warmUp(_ course: Course) throws(GradingError) {
    guard let exercise = course.exercises.first else { return }
    let compiler = try Compiler(kit: kit, workspace: workspace, exercise: exercise)
    defer { compiler.clean() }
    _ = try compiler.compile(exercise.file, checks: exercise.checksFile)
  }

  private func judged(_ exercise: Exercise, _ file: String) throws(GradingError) -> GradeResult {
    let header = try ChecksHeader(exercise)
    let compiler = try Compiler(kit: kit, workspace: workspace, exercise: exercise)
    defer { compiler.clean() }
    switch try compiler.compile(file, checks: exercise.checksFile) {
    case .refused(let refusal):
      var result = GradeResult(exercise, refusal.verdict, message: refusal.lines.first ?? "")
      result.rule = refusal.rule
      result.details = refusal.lines
      return result
    case .program(let program):
      let nonce = Self.nonce()
      let ending = try run(program, Request(nonce: nonce, limits: Limits.resources))
      return Judge(exercise: exercise, due: header.explorations).judge(ending, nonce: nonce)
    }
  }

  /// Compiles what is in the file now and performs one schedule.
  func replay(
    _ exercise: Exercise, _ replay: Request.Replay, with file: String?
  ) throws(GradingError) -> Replayed.Result {
    let compiler = try Compiler(kit: kit, workspace: workspace, exercise: exercise)
    defer { compiler.clean() }
    switch try compiler.compile(file ?? exercise.file, checks: exercise.checksFile) {
    case .refused(let refusal):
      throw GradingError(
        "\(exercise.number) \(refusal.verdict.rawValue) now: \(refusal.lines.first ?? "")",
        repair: "A name only fits the program that it was made from.")
    case .program(let program):
      let nonce = Self.nonce()
      let ending = try run(
        program, Request(nonce: nonce, limits: Limits.resources, replay: replay))
      guard let frames = try? FrameReader(ending.frames, nonce: nonce),
        let replayed = frames.replayed, replayed.index == replay.index
      else {
        throw GradingError(
          "The replay ended without a report.",
          repair: "Grade the exercise as it is now: `fencelab grade \(exercise.number)`.")
      }
      return replayed.result
    }
  }

  /// Runs the checks with the request and within the limits.
  func run(_ program: String, _ request: Request) throws(GradingError) -> ChildProcess.Ending {
    guard let bytes = try? JSONEncoder().encode(request) else {
      preconditionFailure("a request that cannot be written")
    }
    var child = try ChildProcess(
      program, [], limits: limits, environment: Self.environment, request: Array(bytes))
    return child.wait()
  }

  /// Nothing of the learner's environment reaches the child; hashes are the same in every run, and
  /// the runtime prints no backtrace that nobody reads.
  private static let environment = [
    "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8",
  ]

  static func nonce() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
      + String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
