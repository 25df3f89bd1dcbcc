internal import ExerciseKit
internal import Explorer
internal import FoundationEssentials

/// Compiles an exercise, runs its checks in a child, and judges.
public struct ExerciseGrader: Sendable {
  let workspace: Workspace
  let kit: Kit
  let limits: ChildProcess.Limits
  private let hasStaticChecks: Bool
  private let sandbox: Sandbox?
  /// Whether failing schedules name their source lines; without them a verdict comes sooner.
  var namesLines = true

  /// Finds the kit and the compiler.
  ///
  /// - Parameter isIsolated: Whether answers are compiled and run in namespaces of their own; an
  ///   error where those cannot be had.
  public init(_ workspace: Workspace, isIsolated: Bool = false) throws(GradingError) {
    try self.init(workspace, limits: .checks, isIsolated: isIsolated)
  }

  /// - Parameter hasStaticChecks: Off only in tests of the run time's own limits.
  package init(
    _ workspace: Workspace, limits: ChildProcess.Limits, isIsolated: Bool = false,
    hasStaticChecks: Bool = true
  ) throws(GradingError) {
    self.workspace = workspace
    self.limits = limits
    self.hasStaticChecks = hasStaticChecks
    kit = try Kit.locate(workspace)
    sandbox = isIsolated ? try Sandbox(kit) : nil
  }

  /// Isolated by this program in place of the one on the path.
  package init(_ workspace: Workspace, bubblewrap: String) throws(GradingError) {
    self.workspace = workspace
    limits = .checks
    hasStaticChecks = true
    kit = try Kit.locate(workspace)
    sandbox = try Sandbox(kit, program: bubblewrap)
  }

  /// The folder with the dynamic library and the modules.
  package var kitFolder: String { kit.folder }

  /// Grades an exercise.
  ///
  /// - Parameters:
  ///   - file: A file in place of the learner's.
  ///   - isCancelled: Asked many times a second; true ends it.
  /// - Returns: nil if it was cancelled.
  public func grade(
    _ exercise: Exercise, with file: String? = nil, isCancelled: @escaping () -> Bool
  ) throws(GradingError) -> GradeResult? {
    let start = ContinuousClock.now
    let path = file ?? exercise.file
    var result = try judged(exercise, path, isCancelled)
    if isCancelled() { return nil }
    result.milliseconds = start.duration(to: .now).milliseconds
    return result
  }

  /// Grades an exercise.
  ///
  /// - Parameter file: A file in place of the learner's.
  public func grade(_ exercise: Exercise, with file: String? = nil) throws(GradingError)
    -> GradeResult
  {
    guard let result = try grade(exercise, with: file, isCancelled: { false }) else {
      preconditionFailure("a grade that nobody cancelled was cancelled")
    }
    return result
  }

  /// Compiles one exercise, so that caches are filled and an editor finds the interfaces.
  public func warmUp(_ course: Course) throws(GradingError) {
    guard let exercise = course.exercises.first else { return }
    // Outside of any sandbox: inside, nobody may write the cache that all share.
    let compiler = try Compiler(
      kit: kit, workspace: workspace, exercise: exercise,
      tools: Compiler.Tools(limits: .compiler))
    defer { compiler.clean() }
    guard let submission = try? Submission(exercise.file) else { return }
    _ = try compiler.compile(submission, named: exercise.file, checks: exercise.checksFile)
  }

  private func compiler(
    _ exercise: Exercise, _ isCancelled: @escaping () -> Bool = { false }
  ) throws(GradingError) -> Compiler {
    try Compiler(
      kit: kit, workspace: workspace, exercise: exercise,
      tools: Compiler.Tools(
        hasStaticChecks: hasStaticChecks, sandbox: sandbox, isCancelled: isCancelled))
  }

  private func judged(
    _ exercise: Exercise, _ file: String, _ isCancelled: @escaping () -> Bool
  ) throws(GradingError) -> GradeResult {
    let header = try ChecksHeader(exercise)
    let compiler = try compiler(exercise, isCancelled)
    defer { compiler.clean() }
    let submission: Submission
    do {
      submission = try Submission(file)
    } catch {
      if error.isMissing { throw compiler.unreadable(file) }
      return GradeResult(exercise, Compiler.Refusal(error, file: workspace.shown(file)))
    }
    var result: GradeResult
    switch try compiler.compile(submission, named: file, checks: exercise.checksFile) {
    case .refused(let refusal):
      result = GradeResult(exercise, refusal)
    case .program(let program):
      let nonce = Self.nonce()
      let ending = try run(
        program, of: exercise,
        Request(nonce: nonce, limits: Limits.resources, namesLines: namesLines), isCancelled)
      result = Judge(exercise: exercise, due: header.explorations).judge(ending, nonce: nonce)
    }
    result.answer = submission.bytes
    return result
  }

  /// Compiles what is in the file now and performs one schedule.
  func replay(
    _ exercise: Exercise, _ replay: Request.Replay, with file: String?
  ) throws(GradingError) -> ReplayOutcome? {
    let compiler = try compiler(exercise)
    defer { compiler.clean() }
    let file = file ?? exercise.file
    let submission: Submission
    do {
      submission = try Submission(file)
    } catch {
      throw GradingError("\(workspace.shown(file)): \(error.reason)", repair: "Name a Swift file.")
    }
    switch try compiler.compile(submission, named: file, checks: exercise.checksFile) {
    case .refused(let refusal):
      throw GradingError(
        "\(exercise.number) \(refusal.verdict.rawValue) now: \(refusal.lines.first ?? "")",
        repair: "A name only fits the program that it was made from.")
    case .program(let program):
      let nonce = Self.nonce()
      let ending = try run(
        program, of: exercise, Request(nonce: nonce, limits: Limits.resources, replay: replay))
      guard let frames = try? FrameReader(ending.frames, nonce: nonce),
        let replayed = frames.replayed, replayed.index == replay.index
      else {
        throw GradingError(
          "The replay ended without a report.",
          repair: "Grade the exercise as it is now: `fencelab grade \(exercise.number)`.")
      }
      return replayed.outcome
    }
  }

  /// Runs the checks with the request and within the limits.
  private func run(
    _ program: String, of exercise: Exercise, _ request: Request,
    _ isCancelled: () -> Bool = { false }
  ) throws(GradingError) -> ChildProcess.Ending {
    guard let bytes = try? JSONEncoder().encode(request) else {
      preconditionFailure("a request that cannot be written")
    }
    let command = sandbox?.running(program, exercise: exercise)
    var child = try ChildProcess(
      command?.program ?? program, command?.arguments ?? [], limits: limits,
      environment: Self.environment, request: Array(bytes))
    let ending = child.wait(isCancelled: isCancelled)
    return command == nil ? ending : ending.seenThroughWrapper
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

extension GradeResult {
  /// What the compiler, or a look at the file, refused.
  fileprivate init(_ exercise: Exercise, _ refusal: Compiler.Refusal) {
    self.init(exercise, refusal.verdict, message: refusal.lines.first ?? "")
    rule = refusal.rule
    details = refusal.lines
    further = refusal.further
  }
}

extension ChildProcess.Ending {
  /// Bubblewrap ends with 128 and the number of the signal that ended the program inside.
  fileprivate var seenThroughWrapper: ChildProcess.Ending {
    guard case .exited(let status) = cause, let signal = Signal.fromStatus(status) else {
      return self
    }
    return ChildProcess.Ending(
      cause: .signalled(signal), output: output, errors: errors, frames: frames)
  }
}
