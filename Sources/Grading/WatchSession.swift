internal import FoundationEssentials

/// The loop of a learner: save, and see the verdict.
///
/// It never moves on by itself: a pass is something to look at.
public final class WatchSession {
  private let course: Course
  private let grader: ExerciseGrader
  private let style: ReportStyle
  private let write: (String) -> Void
  private var progress: Progress
  private var exercise: Exercise

  /// Begins at an exercise, or at the next unsolved one.
  ///
  /// - Parameter write: Shows text; the session never prints by itself.
  public init(
    _ course: Course, at exercise: Exercise? = nil, style: ReportStyle,
    write: @escaping (String) -> Void
  ) throws(GradingError) {
    self.course = course
    self.style = style
    self.write = write
    grader = try ExerciseGrader(course.workspace)
    progress = try Progress(course.workspace)
    guard let start = exercise ?? progress.next(in: course) ?? course.exercises.last else {
      throw GradingError("There are no exercises.", repair: "Run it in a complete checkout.")
    }
    self.exercise = start
  }

  /// Grades on every save until the learner quits.
  public func run(keys: KeyReader) throws(GradingError) {
    var isRunning = true
    while isRunning {
      let watcher = FileWatcher(exercise.file)
      try grade(watcher)
      isRunning = try watch(watcher, keys)
    }
    write("\n")
  }

  /// - Returns: false when the learner quits, true when another exercise is to be watched.
  private func watch(_ watcher: FileWatcher, _ keys: KeyReader) throws(GradingError) -> Bool {
    while true {
      let key = keys.key(
        orReadable: watcher.descriptor, pauseMilliseconds: watcher.pauseMilliseconds)
      switch key {
      case nil: if watcher.hasChanged() { try grade(watcher) }
      case "r": try grade(watcher)
      case "n": if moveOn() { return true }
      case "h": try showHint()
      case "l": write(CourseList(course, progress, style: style).text + "\n")
      case "q": return false
      default: break
      }
    }
  }

  private func grade(_ watcher: FileWatcher) throws(GradingError) {
    _ = watcher.hasChanged()
    clear()
    write(style.dim("\(exercise.number) grading …") + "\n")
    let result = try grader.grade(exercise)
    progress = try Progress(course.workspace)
    try progress.note(result, of: exercise)
    clear()
    let name = course.workspace.shown(exercise.file)
    write("\(name)\n\n\(GradeReport(result, style: style).text)\n\n")
    write(style.dim(footer(result, watcher)) + "\n")
  }

  private func footer(_ result: GradeResult, _ watcher: FileWatcher) -> String {
    let move = result.isPassed ? "n next · " : ""
    return "watching (\(watcher.method.rawValue)) · \(move)h hint · l list · r run again · q quit"
  }

  /// Only a solved exercise is left behind: the next one is the first unsolved one.
  private func moveOn() -> Bool {
    guard progress.isSolved(exercise) else {
      write("\(exercise.number) has not passed yet: h shows a hint.\n")
      return false
    }
    guard let next = progress.next(in: course) else {
      write("That was the last one: every exercise has passed.\n")
      return false
    }
    exercise = next
    return true
  }

  private func showHint() throws(GradingError) {
    let hint = try Desk(course.workspace).hint(exercise)
    write("\nhint \(hint.index) of \(hint.count): \(hint.text)\n\n")
  }

  private func clear() { if style.isStyled { write("\u{1B}[H\u{1B}[2J\u{1B}[3J") } }
}
