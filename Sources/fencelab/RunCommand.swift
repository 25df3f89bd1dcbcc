public import ArgumentParser
public import Exploring
internal import FoundationEssentials
internal import Grading
internal import LessonDemos
internal import Publishing
internal import Timeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a lesson's demo, or a whole desktop, on the simulated machine.",
    discussion: """
      `run desktop` simulates a compositor, two games, a video decoder and a compute job that \
      share buffers over two devices, with a hang in the middle. It ends with 0 if every fence \
      was signaled, everything was freed and no rule was broken, and with 1 otherwise. Equal \
      options give equal output.
      """)

  @Argument(help: "A lesson such as 06, or desktop.")
  var name: String

  @Option(help: "Write the run as a trace that Perfetto reads.", completion: .file())
  var trace: String?

  @Flag(
    name: .customLong("predict"), inversion: .prefixedNo,
    help: "On a terminal, ask first what the run will show.")
  var predicts = true

  @OptionGroup(title: "Options of the desktop")
  var load: LoadOptions

  func run() throws {
    if name == "desktop" { return try runDesktop() }
    if let option = load.given {
      throw ValidationError("\(option) belongs to the desktop: a demo is the same every time.")
    }
    guard let demo = LessonDemos.demo(of: name) else {
      let known = LessonDemos.all.map(\.lesson).joined(separator: ", ")
      throw GradingError("There is no demo \(name).", repair: "Known: \(known), desktop.")
    }
    if predicts, Terminal.isInteractive, KeyReader.isPossible { try predict() }
    let timeline = demo.run()
    print(TimeChart(timeline).text(TextOptions(styled: Terminal.isStyled)))
    try write(timeline)
  }

  private func runDesktop() throws {
    let session = try DesktopSession(load.request)
    let status = StatusLine()
    let sheet = session.run(isDrawing: trace != nil) { status.show($0) }
    status.clear()
    print(sheet.text(load.format ?? .text, style: Terminal.reportStyle))
    try write(sheet.timeline, isQuiet: load.format == .json)
    if !sheet.isInOrder { throw ExitCode(1) }
  }

  private func write(_ timeline: Timeline, isQuiet: Bool = false) throws {
    guard let trace else { return }
    do {
      try Data(timeline.perfettoTrace.utf8).write(to: URL(filePath: trace), options: .atomic)
    } catch {
      throw GradingError(
        "Cannot write \(trace).", repair: "Check that its folder exists and may be written.")
    }
    if !isQuiet { print("\nTrace: \(trace). Open it at <https://ui.perfetto.dev>.") }
  }

  /// Asks what was never answered; leaving the questions leads to the run, too.
  private func predict() throws {
    let workspace = try Workspace.current()
    let tree = SourceTree(root: workspace.root)
    let items = QuizItem.all(
      in: try LessonChoice(workspace, tree).lesson(name), onlyPredictions: true)
    let open = try QuizSession.unanswered(items, in: workspace)
    if !open.isEmpty { _ = try QuizItem.ask(open, workspace) }
  }
}

/// What only the whole load knows.
struct LoadOptions: ParsableArguments {
  @Option(help: "Frames that each game draws (120).")
  var frames: Int?

  @Option(help: "Decides how long everything takes (1).")
  var seed: UInt64?

  @Option(
    help: "Designs of the fences, separated by commas: \(Self.designs).",
    completion: .list(DesktopSession.policyNames))
  var policy: String?

  @Option(help: "Which job of the GPU hangs, 0 for none (one in the middle).")
  var hang: Int?

  @Option(help: "text, or json for machines.")
  var format: DesktopFormat?

  private static let designs = DesktopSession.policyNames.joined(separator: ", ")

  /// The first option that somebody gave.
  var given: String? {
    if frames != nil { return "--frames" }
    if seed != nil { return "--seed" }
    if policy != nil { return "--policy" }
    if hang != nil { return "--hang" }
    return format == nil ? nil : "--format"
  }

  var request: DesktopRequest {
    var request = DesktopRequest()
    request.frames = frames ?? request.frames
    request.seed = seed ?? request.seed
    request.policy = policy ?? request.policy
    request.hang = hang
    return request
  }
}

extension DesktopFormat: ExpressibleByArgument {}
