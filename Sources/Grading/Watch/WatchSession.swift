internal import FoundationEssentials

/// The loop of a learner: save, and see the verdict.
///
/// It never moves on by itself: a pass is something to look at.
public final class WatchSession {
  private let course: Course
  private let grader: ExerciseGrader
  private let desk: Desk
  private let style: ReportStyle
  private let canvas: Canvas
  private let editor = Editor()
  private let isPolling: Bool
  private var progress: Progress
  private var exercise: Exercise
  private var watcher: FileWatcher
  private var page: WatchPage
  private var menu: ExerciseMenu?
  private var scroll = 0
  private var isRunning = true

  /// Begins at an exercise, or at the next unsolved one.
  ///
  /// - Parameters:
  ///   - canMove: Whether the terminal can put the cursor where it is wanted.
  ///   - isPolling: Whether files are looked at even where the kernel would tell of saves.
  ///   - write: Shows text; the session never prints by itself.
  public init(
    _ course: Course, at exercise: Exercise? = nil, style: ReportStyle, canMove: Bool = true,
    isPolling: Bool = false, write: @escaping (String) -> Void
  ) throws(GradingError) {
    self.course = course
    self.style = style
    self.isPolling = isPolling
    canvas = Canvas(canMove: canMove, write: write)
    desk = Desk(course.workspace)
    grader = try ExerciseGrader(course.workspace)
    progress = try Progress(course.workspace)
    guard let start = exercise ?? progress.next(in: course) ?? course.exercises.last else {
      throw GradingError("There are no exercises.", repair: "Run it in a complete checkout.")
    }
    self.exercise = start
    watcher = FileWatcher(start.file, isPolling: isPolling)
    page = WatchPage()
  }

  /// Grades on every save until the learner quits.
  public func run(keys: KeyReader) throws(GradingError) {
    if canvas.canMove { keys.takeScreen() }
    try grade(keys)
    while isRunning {
      let key = keys.next(
        orReadable: watcher.descriptor, pauseMilliseconds: watcher.pauseMilliseconds)
      if let key {
        try press(key, keys)
      } else if watcher.hasChanged() {
        try grade(keys)
      } else if canvas.canMove {
        // The terminal may have another size by now.
        show()
      }
    }
  }

  // MARK: - Keys

  private func press(_ key: Key, _ keys: KeyReader) throws(GradingError) {
    if menu != nil { return try pressInMenu(key, keys) }
    page.note = nil
    switch key {
    case .character("q"), .interrupt: isRunning = false
    case .character("r"): try grade(keys)
    case .character("n"): if moveOn() { try grade(keys) } else { show() }
    case .character("h"): try showHint()
    case .character("l"):
      menu = ExerciseMenu(course, progress, at: exercise)
      scroll = 0
      show()
    case .character("m"): turn { page.showsEverything.toggle() }
    case .character("v"): turn { page.afterword = desk.afterword(exercise) }
    case .character("s"): try showSolution()
    case .character("e"): edit(keys)
    case .up, .character("k"): scroll(by: -1)
    case .down, .character("j"): scroll(by: 1)
    case .pageUp: scroll(by: -10)
    case .pageDown, .character(" "): scroll(by: 10)
    default: break
    }
  }

  private func pressInMenu(_ key: Key, _ keys: KeyReader) throws(GradingError) {
    switch menu?.press(key) {
    case .choose(let chosen):
      menu = nil
      begin(chosen)
      try grade(keys)
      return
    case .close: menu = nil
    case .stay, nil: break
    }
    show()
  }

  private func turn(_ change: () -> Void) {
    change()
    scroll = 0
    show()
  }

  private func scroll(by rows: Int) {
    let limit = Canvas.scrollMax(screen, in: Canvas.size)
    scroll = max(0, min(limit, scroll + rows))
    show()
  }

  // MARK: - Grading

  /// Grades until there is a result; a save meanwhile begins anew, and a key can end it.
  private func grade(_ keys: KeyReader) throws(GradingError) {
    var wasSavedMeanwhile = true
    while wasSavedMeanwhile && isRunning {
      wasSavedMeanwhile = false
      _ = watcher.hasChanged()
      page = WatchPage()
      page.isGrading = true
      scroll = 0
      show()
      let (watcher, grader, exercise) = (watcher, grader, exercise)
      var isEnded = false
      let result = try grader.grade(exercise) {
        if watcher.hasChanged() { wasSavedMeanwhile = true }
        switch keys.next(pauseMilliseconds: 0) {
        case .interrupt, .character("q"): isEnded = true
        default: break
        }
        return wasSavedMeanwhile || isEnded
      }
      if isEnded { isRunning = false }
      guard let result else { continue }
      progress = try Progress.note(result, of: exercise, in: course.workspace)
      page.result = result
    }
    page.isGrading = false
    if isRunning { show() }
  }

  private func begin(_ next: Exercise) {
    exercise = next
    watcher = FileWatcher(next.file, isPolling: isPolling)
  }

  /// Only a solved exercise is left behind by this key: the next one is the first unsolved one.
  private func moveOn() -> Bool {
    guard progress.isSolved(exercise) else {
      page.note = "\(exercise.number) has not passed yet: h shows a hint, l leads to others."
      return false
    }
    guard let next = progress.next(in: course, after: exercise) else {
      page.note = "That was the last one: every exercise has passed."
      return false
    }
    begin(next)
    return true
  }

  // MARK: - Help

  private func showHint() throws(GradingError) {
    guard !progress.isSolved(exercise) else { return }
    do {
      let hint = try desk.hint(exercise)
      page.hint = "hint \(hint.index) of \(hint.count): \(hint.text)"
    } catch {
      page.note = error.problem
    }
    scroll = .max / 2
    show()
  }

  private func showSolution() throws(GradingError) {
    do {
      let text = try desk.solution(exercise, spoil: false)
      turn { page.solution = text }
    } catch {
      page.note = error.description.replacing("\n", with: " ")
      show()
    }
  }

  private func edit(_ keys: KeyReader) {
    guard let editor else { return }
    let (file, line) = (exercise.file, page.result?.line(in: "Exercise.swift"))
    var failure: GradingError?
    keys.lend {
      do throws(GradingError) {
        try editor.open(file, line: line)
      } catch {
        failure = error
      }
    }
    page.note = failure?.description.replacing("\n", with: " ")
    show()
  }

  // MARK: - Screen

  private var screen: Canvas.Screen {
    let size = canvas.canMove ? Canvas.size : Canvas.Size()
    let fitted = ReportStyle(isStyled: style.isStyled, columns: size.columns)
    if let menu { return menu.screen(fitted) }
    let counts = try? desk.hintCounts(exercise)
    let context = WatchPage.Context(
      exercise: exercise, course: course, progress: progress, columns: size.columns,
      watching: watcher.method.words, hasEditor: editor != nil, hintsLeft: counts,
      hasAfterword: desk.afterword(exercise) != nil)
    return page.screen(context, fitted, rows: canvas.canMove ? size.rows : nil)
  }

  private func show() {
    let screen = screen
    scroll = min(scroll, Canvas.scrollMax(screen, in: Canvas.size))
    canvas.show(screen, scrolledBy: scroll)
  }
}
