internal import ArgumentParser
internal import Exploring
internal import Grading

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Perform one failing schedule again, step by step.",
    discussion: """
      On a terminal, keys walk through the steps; elsewhere they are printed. Ends with 0 if the \
      schedule broke the same rule again, and with --play if you broke one.
      """)

  @Argument(
    help: """
      A name from a failing report; an exercise, or mine.swift.2 for the second exploration of a \
      file of yours, for what failed there last.
      """)
  var name: String

  @Flag(help: "Choose every step yourself, and try to break a file of yours.")
  var play = false

  @Flag(help: "Print the steps, also on a terminal.")
  var all = false

  @Option(help: "Use this file in place of the one that the name means.", completion: .file())
  var with: String?

  func run() throws {
    if play { return try playIt() }
    let session = try replayed()
    if !all, Terminal.isInteractive, let keys = KeyReader(),
      let walk = ScheduleWalk(
        session, style: Terminal.reportStyle, lines: Terminal.lines, write: Terminal.write)
    {
      walk.run(keys: keys)
    } else {
      print(session.text(style: Terminal.reportStyle))
    }
    throw ExitCode(session.isReproduced ? 0 : 1)
  }

  private func replayed() throws -> any ReplayedSchedule {
    if ScenarioReplay.canRead(name) { return try ScenarioReplay(name, with: with) }
    let course = try Course(.current())
    return try ReplaySession(name, in: course, by: ExerciseGrader(course.workspace), with: with)
  }

  private func playIt() throws {
    var lines = Int.max
    var nextInput: () -> String? = { readLine() }
    if Terminal.isInteractive, let keys = KeyReader() {
      lines = Terminal.lines
      nextInput = { keys.key().map { String($0) } }
    }
    let session = try PlaySession(
      name, style: Terminal.reportStyle, lines: lines, write: Terminal.write)
    throw ExitCode(try session.run(nextInput: nextInput) ? 0 : 1)
  }
}
