internal import ArgumentParser
internal import FoundationEssentials
internal import Grading
internal import LessonDemos
internal import Timeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a lesson's demo on the simulated machine.")

  @Argument(help: "A lesson such as 06.")
  var lesson: String

  @Option(help: "Write the run as a trace that Perfetto reads.", completion: .file())
  var trace: String?

  func run() throws {
    guard let demo = LessonDemos.demo(of: lesson) else {
      let known = LessonDemos.all.map(\.lesson).joined(separator: ", ")
      throw GradingError("There is no demo \(lesson).", repair: "Known: \(known).")
    }
    let timeline = demo.run()
    print(TimeChart(timeline).text(TextOptions(styled: Terminal.isStyled)))
    guard let trace else { return }
    try Data(timeline.perfettoTrace.utf8).write(to: URL(filePath: trace), options: .atomic)
    print("\nTrace: \(trace). Open it at <https://ui.perfetto.dev>.")
  }
}
