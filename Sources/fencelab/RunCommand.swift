internal import ArgumentParser
internal import FoundationEssentials
internal import Grading
internal import LessonDemos
internal import Publishing
internal import Timeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a lesson's demo on the simulated machine.")

  @Argument(help: "A lesson such as 06.")
  var lesson: String

  @Option(help: "Write the run as a trace that Perfetto reads.", completion: .file())
  var trace: String?

  @Flag(
    name: .customLong("predict"), inversion: .prefixedNo,
    help: "On a terminal, ask first what the run will show.")
  var predicts = true

  func run() throws {
    guard let demo = LessonDemos.demo(of: lesson) else {
      let known = LessonDemos.all.map(\.lesson).joined(separator: ", ")
      throw GradingError("There is no demo \(lesson).", repair: "Known: \(known).")
    }
    if predicts, Terminal.isInteractive, KeyReader.isPossible { try predict() }
    let timeline = demo.run()
    print(TimeChart(timeline).text(TextOptions(styled: Terminal.isStyled)))
    guard let trace else { return }
    try Data(timeline.perfettoTrace.utf8).write(to: URL(filePath: trace), options: .atomic)
    print("\nTrace: \(trace). Open it at <https://ui.perfetto.dev>.")
  }

  /// Asks what was never answered; leaving the questions leads to the run, too.
  private func predict() throws {
    let workspace = try Workspace.current()
    let tree = SourceTree(root: workspace.root)
    let items = QuizItem.all(
      in: try LessonChoice(workspace, tree).lesson(lesson), onlyPredictions: true)
    let open = try QuizSession.unanswered(items, in: workspace)
    if !open.isEmpty { _ = try QuizItem.ask(open, workspace) }
  }
}
