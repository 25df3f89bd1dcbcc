internal import FoundationEssentials

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
    grader = try ExerciseGrader(course.workspace)
  }

  /// Verifies every exercise.
  ///
  /// - Parameter note: Told about each answer, in one line.
  /// - Returns: What is not as claimed, one line each with its file.
  public func verify(note: (String) -> Void = { _ in }) throws(GradingError) -> [String] {
    var findings: [String] = []
    for exercise in course.exercises {
      do {
        findings += try verify(exercise, note)
      } catch {
        findings.append("\(exercise.id): \(error.problem) \(error.repair)")
      }
    }
    return findings
  }

  private func verify(_ exercise: Exercise, _ note: (String) -> Void) throws(GradingError)
    -> [String]
  {
    let answers = Answers(exercise, course.workspace)
    let starter = try answers.starter()
    let solution = try answers.solution()
    let others = try answers.others()
    var findings = Self.gaps(others, exercise)
    if Desk(course.workspace).afterword(exercise) == nil {
      findings.append(
        "\(shown(exercise.afterFile)): it needs the sections `## Why it works` and `## Harder`, "
          + "which are shown after a pass.")
    }
    if starter.expected.verdict == .passed {
      findings.append("\(shown(starter.path)): a starter must not pass.")
    }
    if FileManager.default.contents(atPath: exercise.file) != Data(starter.text.utf8) {
      findings.append(
        "\(shown(exercise.file)) differs from \(shown(starter.path)): "
          + "`fencelab reset \(exercise.number)`, or bring the starter up to date.")
    }
    for answer in [starter, solution] + others {
      let disguise = Disguise(answer.text)
      var words = "\(exercise.number) \(shown(answer.path)):"
      for (text, kind) in [(answer.text, "as written"), (disguise.text, "disguised")] {
        let result = try grade(exercise, text)
        words += " \(result.verdict.rawValue) \(result.milliseconds) ms"
        if !answer.expected.isMet(by: result) {
          findings.append(
            "\(shown(answer.path)), \(kind): declares \(answer.expected), "
              + "gets \(DeclaredVerdict(result)). \(result.message)")
        }
      }
      note(words)
    }
    return findings
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
  private static func gaps(_ answers: [Answers.Answer], _ exercise: Exercise) -> [String] {
    var gaps: [String] = []
    let wrong = answers.count { $0.expected.verdict != .passed }
    if wrong < 3 {
      gaps.append("\(exercise.id): \(wrong) wrong answers, at least 3 are needed.")
    }
    if wrong == answers.count {
      gaps.append("\(exercise.id): no unusual right answer.")
    }
    for answer in answers where answer.expected.verdict != .passed && answer.expected.rule == nil {
      gaps.append("\(exercise.id): a wrong answer declares no rule: \(answer.path)")
    }
    return gaps
  }
}
