internal import ArgumentParser
internal import Grading
internal import Publishing

struct QuizCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quiz", abstract: "Answer a lesson's questions; your first guesses are kept.",
    discussion: "Without a terminal the answers are read from lines, one letter each.")

  @Argument(help: "A lesson such as 06; without one, that of the next exercise.")
  var lesson: String?

  @Flag(help: "Ask everything, also what was answered before.")
  var all = false

  func run() throws {
    let workspace = try Workspace.current()
    let tree = SourceTree(root: workspace.root)
    let lesson = try LessonChoice(workspace, tree).lesson(lesson)
    let items = QuizItem.all(in: lesson)
    let asked = all ? items : try QuizSession.unanswered(items, in: workspace)
    guard !asked.isEmpty else {
      print(
        items.isEmpty
          ? "Lesson \(lesson.id) asks nothing."
          : "Every question of \(lesson.id) was answered: --all asks again.")
      return
    }
    let isComplete = try QuizItem.ask(asked, workspace)
    if !isComplete { throw ExitCode(1) }
  }
}

extension QuizItem {
  /// The questions of a lesson, from the same source as its page.
  static func all(in lesson: Lesson, onlyPredictions: Bool = false) -> [QuizItem] {
    QuizText.all(in: lesson, style: Terminal.pageStyle)
      .filter { $0.isPrediction || !onlyPredictions }
      .map { quiz in
        QuizItem(
          id: quiz.id, kind: quiz.kind, question: quiz.question,
          options: quiz.options.map {
            Option(text: $0.text, feedback: $0.feedback, isRight: $0.isRight)
          })
      }
  }

  /// Asks on the terminal, or reads lines where there is none.
  static func ask(_ items: [QuizItem], _ workspace: Workspace) throws -> Bool {
    let style = Terminal.reportStyle
    let session = QuizSession(
      items, workspace, style: ReportStyle(isStyled: style.isStyled, columns: 80)
    ) { Terminal.write($0) }
    if let keys = KeyReader() {
      return try session.run {
        while true { if let key = keys.key() { return key } }
      }
    }
    return try session.run { readLine()?.first }
  }
}
