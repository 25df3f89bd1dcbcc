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
    var lines = course.exercises.map {
      Self.line($0, progress.state($0), width: width, style: style)
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

  /// One exercise and how far it is, with its name padded to a width.
  static func line(
    _ exercise: Exercise, _ state: Progress.State, width: Int, style: ReportStyle
  ) -> String {
    let (sign, words) = describe(state, style)
    let padding = String(repeating: " ", count: max(0, width - exercise.id.count))
    return "\(sign) \(exercise.number)  \(exercise.id)\(padding)  \(style.dim(words))"
  }

  private static func describe(_ state: Progress.State, _ style: ReportStyle)
    -> (sign: String, words: String)
  {
    switch state {
    case .untouched: ("·", "not graded yet")
    case .failing(let verdict): (style.bad("✗"), verdict.rawValue)
    case .solved: (style.good("✓"), "passed")
    case .solvedThenChanged: (style.good("✓"), "passed, changed since")
    }
  }
}
