internal import FoundationEssentials

/// Grades what somebody asked for and notes it.
public struct GradeSession: Sendable {
  /// Which exercises are meant.
  public enum Selection: Sendable, Hashable {
    /// Every exercise.
    case all
    /// These; none means the next unsolved one.
    case named([String])
  }

  private let course: Course
  private let grader: ExerciseGrader

  /// Finds the kit, and the means of isolation where they are asked for.
  public init(_ course: Course, isIsolated: Bool = false) throws(GradingError) {
    self.course = course
    grader = try ExerciseGrader(course.workspace, isIsolated: isIsolated)
    // Inside, nobody may fill the compiler's caches.
    if isIsolated { try grader.warmUp(course) }
  }

  /// Grades the selection.
  ///
  /// - Parameter file: A file in place of the learner's; such a grade is no progress.
  public func grade(_ selection: Selection, with file: String? = nil) throws(GradingError)
    -> GradeSheet
  {
    var results: [GradeResult] = []
    for exercise in try meant(by: selection) {
      let result = try grader.grade(exercise, with: file.map(Self.absolute))
      if file == nil {
        try Progress.note(result, of: exercise, in: course.workspace)
      }
      results.append(result)
    }
    return GradeSheet(results)
  }

  private func meant(by selection: Selection) throws(GradingError) -> [Exercise] {
    switch selection {
    case .all:
      return course.exercises
    case .named(let names) where names.isEmpty:
      guard let next = try Progress(course.workspace).next(in: course) else {
        throw GradingError(
          "Every exercise has passed.", repair: "`fencelab grade --all` grades all of them.")
      }
      return [next]
    case .named(let names):
      var exercises: [Exercise] = []
      for name in names { exercises.append(try course.exercise(name)) }
      return exercises
    }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }
}
