internal import ExerciseKit
public import Explorer
internal import Timeline

/// A replay name as people see it: `06.1.2~…` is a schedule of the second exploration of 06.1.
public struct ReplayName: Sendable, Hashable {
  let exercise: String
  let exploration: Int
  let schedule: String

  /// Reads `<exercise>.<exploration>~<schedule>`; nil where the text is something else.
  init?(_ text: String) {
    let halves = text.split(separator: "~", maxSplits: 1)
    guard halves.count == 2, let dot = halves[0].lastIndex(of: "."),
      let exploration = Int(halves[0][halves[0].index(after: dot)...])
    else { return nil }
    exercise = String(halves[0][..<dot])
    self.exploration = exploration
    schedule = String(halves[1])
  }
}

/// One schedule, performed again with what is in the exercise's file now.
public struct ReplaySession: Sendable {
  /// How it went.
  public enum Ending: Sendable {
    /// It broke the rule again.
    case failed(FailureReport)
    /// It ran to its end without breaking a rule.
    case passed
  }

  /// The exercise whose schedule it is.
  public let exercise: Exercise
  /// How it went.
  public let ending: Ending

  /// Compiles the exercise as it is now and performs one execution.
  ///
  /// - Parameters:
  ///   - name: A replay name, or an exercise for the schedule that failed last.
  ///   - file: A file in place of the learner's.
  public init(
    _ name: String, in course: Course, by grader: ExerciseGrader, with file: String? = nil
  ) throws(GradingError) {
    var text = name
    if !name.contains("~") {
      let exercise = try course.exercise(name)
      guard let last = try Progress(course.workspace)[exercise].replay else {
        throw GradingError(
          "\(exercise.number) has no failed schedule to replay.",
          repair: "Grade it first: `fencelab grade \(exercise.number)`.")
      }
      text = last
    }
    guard let parsed = ReplayName(text) else {
      throw GradingError(
        "\(text) is no replay name.", repair: "Copy the whole name from a failing report.")
    }
    exercise = try course.exercise(parsed.exercise)
    let replayed = try grader.replay(
      exercise, Request.Replay(index: parsed.exploration, name: parsed.schedule), with: file)
    ending = try Ending(
      replayed, missing: "The checks have no such exploration.",
      repair: "Grade it as it is now: `fencelab grade \(exercise.number)`.")
  }

  /// All steps as lanes, and below the last one what broke.
  public func text(style: ReportStyle = ReportStyle()) -> String { ending.text(style: style) }

  /// Whether the schedule broke the rule again.
  public var isReproduced: Bool { if case .failed = ending { true } else { false } }
}

extension ReplaySession.Ending {
  /// Makes an error of every outcome that is no end of the schedule.
  ///
  /// - Parameters:
  ///   - outcome: nil where the program has no such exploration.
  ///   - missing: What to say then.
  ///   - repair: What leads to a name that fits the program as it is now.
  package init(
    _ outcome: ReplayOutcome?, missing: String, repair: String
  ) throws(GradingError) {
    switch outcome {
    case .failed(let report):
      guard let failure = report.failure else {
        throw GradingError("The replay failed without saying how.", repair: repair)
      }
      self = .failed(failure)
    case .passed: self = .passed
    case .refused(let step, let reason):
      throw GradingError(
        "Refused at step \(step): this is not the program that the name was made from. \(reason)",
        repair: repair)
    case .malformed(let reason):
      throw GradingError("This is no replay name: \(reason).", repair: "Copy the whole name.")
    case nil: throw GradingError(missing, repair: repair)
    }
  }

  /// All steps as lanes, and below the last one what broke.
  package func text(style: ReportStyle) -> String {
    guard case .failed(let failure) = self else {
      return style.good("The schedule ran to its end and broke no rule.")
    }
    let lines = [
      ScheduleTable(failure, isVerbose: true).text(style),
      style.bad("✗ \(failure.verdict.rawValue) (\(failure.rule))"),
    ]
    return (lines + style.wrapped(failure.message, indent: 2)).joined(separator: "\n")
  }
}
