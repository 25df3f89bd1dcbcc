internal import FoundationEssentials
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Proves that exercises tell right from wrong.
///
/// Each starter fails as declared, solutions and unusual right answers pass, and wrong answers get
/// the verdict and the rule they declare; also after every local is renamed and the declarations
/// stand in another order.
public struct ExerciseVerifier: Sendable {
  private let course: Course
  private let grader: ExerciseGrader

  /// Finds the kit.
  public init(_ course: Course) throws(GradingError) {
    self.course = course
    grader = try Self.grader(course)
  }

  private static func grader(_ course: Course) throws(GradingError) -> ExerciseGrader {
    var grader = try ExerciseGrader(course.workspace)
    // Only verdict and rule are compared.
    grader.namesLines = false
    return grader
  }

  /// What is graded of each exercise.
  public enum Extent: Sendable {
    /// Starter and solution, as they are written: whether the exercise can be begun and ended.
    case ends
    /// Every answer, as it is written and disguised.
    case whole
  }

  /// Verifies every exercise.
  ///
  /// - Parameters:
  ///   - extent: How much of it.
  ///   - jobs: Answers that are graded at a time.
  ///   - note: Told about each answer in one line, from several threads, one at a time.
  /// - Returns: What is not as claimed, one line each with its file.
  public func verify(
    _ extent: Extent = .whole, jobs: Int = 1,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(GradingError) -> [String] {
    var findings: [String] = []
    var trials: [Trial] = []
    for exercise in course.exercises {
      do {
        let answers = Answers(exercise, course.workspace)
        let starter = try answers.starter()
        let others = try answers.others()
        findings += gaps(exercise, starter, others)
        let ends = [starter, try answers.solution()]
        trials += (extent == .ends ? ends : ends + others).map {
          Trial(exercise: exercise, answer: $0, isDisguised: extent == .whole)
        }
      } catch {
        findings.append("\(exercise.id): \(error.problem) \(error.repair)")
      }
    }
    // Fills the compiler's caches once, instead of in all jobs at the same time.
    try grader.warmUp(course)
    return findings + results(of: trials, jobs: jobs, note)
  }

  /// One answer to one exercise.
  private struct Trial {
    let exercise: Exercise
    let answer: Answers.Answer
    /// Whether it is also graded in disguise.
    let isDisguised: Bool
  }

  /// Grades all answers.
  ///
  /// - Returns: Findings in the order of the answers.
  private func results(
    of trials: [Trial], jobs: Int, _ note: @escaping @Sendable (String) -> Void
  ) -> [String] {
    let findings = Findings(trials.count)
    SideBySide.perform(trials.count, jobs: jobs) { index in
      let (words, found) = result(of: trials[index])
      findings.lists.withLock {
        $0[index] = found
        note(words)
      }
    }
    return findings.lists.withLock { $0.flatMap(\.self) }
  }

  private final class Findings: Sendable {
    /// One list for each answer; also the lock under which lines are noted.
    let lists: Mutex<[[String]]>

    init(_ count: Int) { lists = Mutex(Array(repeating: [], count: count)) }
  }

  /// Grades one answer.
  private func result(of trial: Trial) -> (words: String, findings: [String]) {
    let (exercise, answer) = (trial.exercise, trial.answer)
    var words = "\(exercise.number) \(shown(answer.path)):"
    var findings: [String] = []
    var texts = [(answer.text, "as written")]
    if trial.isDisguised { texts.append((Disguise(answer.text).text, "disguised")) }
    for (text, kind) in texts {
      do {
        let result = try grade(exercise, text)
        words += " \(result.verdict.rawValue) \(result.milliseconds) ms"
        if !answer.expected.isMet(by: result) {
          findings.append(
            "\(shown(answer.path)), \(kind): declares \(answer.expected), "
              + "gets \(DeclaredVerdict(result)). \(result.message)")
        }
      } catch {
        findings.append("\(shown(answer.path)), \(kind): \(error.problem) \(error.repair)")
      }
    }
    return (words, findings)
  }

  /// Grades a text in place of the learner's file.
  private func grade(_ exercise: Exercise, _ text: String) throws(GradingError) -> GradeResult {
    let folder = try Scratch.make(in: "\(course.workspace.notesFolder)/verify", course.workspace)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/Exercise.swift"
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw GradingError("Cannot write \(shown(path)).", repair: "Make the checkout writable.")
    }
    return try grader.grade(exercise, with: path)
  }

  private func shown(_ path: String) -> String { course.workspace.shown(path) }

  /// What an exercise needs to be believed.
  private func gaps(
    _ exercise: Exercise, _ starter: Answers.Answer, _ others: [Answers.Answer]
  ) -> [String] {
    var gaps: [String] = []
    let wrong = others.filter { $0.expected.verdict != .passed }
    if wrong.count < 3 {
      gaps.append("\(exercise.id): \(wrong.count) wrong answers, at least 3 are needed.")
    }
    if wrong.count == others.count {
      gaps.append("\(exercise.id): no unusual right answer.")
    }
    for answer in wrong where answer.expected.rule == nil {
      gaps.append("\(exercise.id): a wrong answer declares no rule: \(answer.path)")
    }
    if Desk(course.workspace).afterword(exercise) == nil {
      gaps.append(
        "\(shown(exercise.afterFile)): it needs the sections `## Why it works` and `## Harder`, "
          + "which are shown after a pass.")
    }
    if starter.expected.verdict == .passed {
      gaps.append("\(shown(starter.path)): a starter must not pass.")
    }
    if FileManager.default.contents(atPath: exercise.file) != Data(starter.text.utf8) {
      gaps.append(
        "\(shown(exercise.file)) differs from \(shown(starter.path)): "
          + "`fencelab reset \(exercise.number)`, or bring the starter up to date.")
    }
    return gaps
  }
}
