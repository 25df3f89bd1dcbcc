/// All exercises and how far each one is.
public struct CourseList: Sendable {
  private let course: Course
  private let progress: Progress
  private let style: ReportStyle

  /// Lists a course.
  public init(_ course: Course, _ progress: Progress, style: ReportStyle = ReportStyle()) {
    self.course = course
    self.progress = progress
    self.style = style
  }

  /// One line an exercise and one line of sum.
  public var text: String {
    let width = course.exercises.map(\.id.count).max() ?? 0
    var lines = course.exercises.map { exercise in
      let (sign, words) = describe(progress.state(exercise))
      let padding = String(repeating: " ", count: width - exercise.id.count)
      return "\(sign) \(exercise.number)  \(exercise.id)\(padding)  \(style.dim(words))"
    }
    let solved = course.exercises.count(where: progress.isSolved)
    lines.append("")
    lines.append("\(solved) of \(course.exercises.count) solved.\(nextLine)")
    return lines.joined(separator: "\n")
  }

  private var nextLine: String {
    guard let next = progress.next(in: course) else { return "" }
    return " Next: \(next.number), \(course.workspace.shown(next.file))"
  }

  private func describe(_ state: Progress.State) -> (sign: String, words: String) {
    switch state {
    case .untouched: ("·", "not graded yet")
    case .failing(let verdict): (style.bad("✗"), verdict.rawValue)
    case .solved: (style.good("✓"), "passed")
    case .solvedThenChanged: (style.good("✓"), "passed, changed since")
    }
  }
}
