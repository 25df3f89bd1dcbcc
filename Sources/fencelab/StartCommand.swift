internal import ArgumentParser
internal import Grading
internal import Publishing

struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Set up your editor's help, and show the first lesson and the next exercise.")

  func run() throws {
    let workspace = try Workspace.current()
    let course = Course(workspace)
    try CompileCommands(course).write()
    // The compiler's caches are cold now; nobody should wait for them at the first save.
    try ExerciseGrader(workspace).warmUp(course)
    let tree = SourceTree(root: workspace.root)
    if let lesson = try? LessonChoice(workspace, tree).lesson(nil) {
      let page = TerminalRenderer.render(lesson, style: Terminal.pageStyle)
      print(
        page.split(separator: "\n", omittingEmptySubsequences: false).prefix(20)
          .joined(separator: "\n"))
      print("…\n")
    }
    print(NextStep(course, try Progress(workspace)).text)
  }
}

/// What `fencelab` does by itself.
struct HomeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "home",
    abstract: "On a terminal, watch the next unsolved exercise; otherwise show the status.",
    shouldDisplay: false)

  @Argument(help: .hidden)
  var words: [String] = []

  func validate() throws {
    guard let word = words.first else { return }
    throw GradingError(
      "There is no command \(word).", repair: "`fencelab --help` lists the commands.")
  }

  func run() throws {
    if Terminal.isInteractive, KeyReader.isPossible {
      try WatchCommand.parse([]).run()
    } else {
      try ListCommand.parse([]).run()
    }
  }
}
