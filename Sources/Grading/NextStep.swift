/// What to do next, in a few lines.
public struct NextStep: Sendable {
  private let course: Course
  private let progress: Progress

  /// Looks at the progress.
  public init(_ course: Course, _ progress: Progress) {
    self.course = course
    self.progress = progress
  }

  /// The next unsolved exercise, its lesson, and what to type.
  public var text: String {
    guard let next = progress.next(in: course) else {
      return course.exercises.isEmpty
        ? "This checkout has no exercises." : "Every exercise has passed."
    }
    return """
      Next exercise: \(next.number) \(next.name)
        read    fencelab read \(next.lessonNumber)
        edit    \(course.workspace.shown(next.file))
        grade   fencelab grade \(next.number), or fencelab watch to grade on every save
      """
  }
}
