internal import Explorer

/// What a learner sees while an exercise is watched, as lines.
///
/// A key is named only where it does something.
struct WatchPage {
  var result: GradeResult?
  var isGrading = false
  var hint: String?
  var afterword: Afterword?
  var solution: String?
  var showsEverything = false
  /// One line about the last key.
  var note: String?

  /// What the page needs to know besides.
  struct Context {
    let exercise: Exercise
    let course: Course
    let progress: Progress
    let columns: Int
    /// How saves are noticed.
    let watching: String
    let hasEditor: Bool
    let hintsLeft: (shown: Int, all: Int)?
    let hasAfterword: Bool
  }

  /// - Parameter rows: Of the terminal; nil where nothing can be scrolled.
  func screen(_ context: Context, _ style: ReportStyle, rows: Int?) -> Canvas.Screen {
    let body = bodyLines(context, style)
    var foot = [""]
    if let note { foot += Self.wrapped(note, to: context.columns) }
    let head = head(context, style)
    let keys = keys(context)
    let keyRows = Self.wrapped(keys, to: context.columns, separator: " · ").count
    let room = rows.map { $0 - head.count - foot.count - keyRows } ?? body.count
    let scrolling = body.count > room ? "↑↓ scroll · " : ""
    foot += Self.wrapped(scrolling + keys, to: context.columns, separator: " · ").map(style.dim)
    return Canvas.Screen(head: head, body: body, foot: foot)
  }

  // MARK: - Head

  private func head(_ context: Context, _ style: ReportStyle) -> [String] {
    let solved = context.course.exercises.count(where: context.progress.isSolved)
    let bar = Self.bar(solved, of: context.course.exercises.count, width: 20)
    let name = context.course.workspace.shown(context.exercise.file)
    return [style.bold("\(bar)  \(context.exercise.number)"), name, ""]
  }

  /// `[####----] 3/7`: readable without colours, and by a screen reader.
  static func bar(_ done: Int, of all: Int, width: Int) -> String {
    let filled = all == 0 ? 0 : done * width / all
    let marks = String(repeating: "#", count: filled)
    return "[\(marks)\(String(repeating: "-", count: width - filled))] \(done)/\(all)"
  }

  // MARK: - Body

  private func bodyLines(_ context: Context, _ style: ReportStyle) -> [String] {
    if isGrading { return [style.dim("\(context.exercise.number) grading …")] }
    var lines: [String] = []
    if let solution {
      let code = Self.lines(solution).drop(while: \.isEmpty)
      lines += ["The solution", ""] + code.flatMap { Prose.folded($0, columns: context.columns) }
      return lines
    }
    if let result {
      lines += Self.lines(GradeReport(result, style: style, isVerbose: showsEverything).text)
    }
    if let hint {
      lines += [""] + Prose(hint).lines(columns: style.columns)
    }
    if let afterword {
      lines += [""] + Prose(afterword.text).lines(columns: style.columns)
    }
    return lines
  }

  // MARK: - Keys

  private func keys(_ context: Context) -> String {
    if isGrading { return "q quit" }
    var keys: [String] = ["watching (\(context.watching))"]
    let isSolved = context.progress.isSolved(context.exercise)
    if isSolved, context.progress.next(in: context.course, after: context.exercise) != nil {
      keys.append("n next")
    }
    if isSolved, context.hasAfterword, afterword == nil { keys.append("v why it works") }
    if isSolved, solution == nil { keys.append("s solution") }
    if !isSolved, let (shown, all) = context.hintsLeft, all > 0 {
      keys.append(shown < all ? "h hint \(shown + 1)/\(all)" : "h last hint")
    }
    if result?.further.isEmpty == false { keys.append(showsEverything ? "m less" : "m more") }
    if context.hasEditor { keys.append("e edit") }
    return (keys + ["l list", "r run again", "q quit"]).joined(separator: " · ")
  }

  // MARK: - Lines

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Breaks a line between its parts; a part alone that is too long stays whole.
  static func wrapped(_ text: String, to columns: Int, separator: String = " ") -> [String] {
    var lines: [String] = []
    var line = ""
    for part in text.split(separator: separator, omittingEmptySubsequences: false) {
      if line.isEmpty {
        line = String(part)
      } else if line.count + separator.count + part.count <= columns {
        line += separator + part
      } else {
        lines.append(line)
        line = String(part)
      }
    }
    return lines + [line]
  }
}

extension GradeResult {
  /// The line of a file that is to be looked at first.
  func line(in file: String) -> Int? {
    if let step = failure?.steps.last(where: { $0.file.hasSuffix(file) }) { return step.line }
    for detail in details {
      guard let place = detail.firstRange(of: "\(file):") else { continue }
      return Int(detail[place.upperBound...].prefix { $0.isNumber })
    }
    return nil
  }
}
