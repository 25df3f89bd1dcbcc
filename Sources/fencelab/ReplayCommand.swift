internal import ArgumentParser
internal import Grading

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Perform one failing schedule again, step by step.",
    discussion: "Ends with 0 if the schedule broke the same rule again.")

  @Argument(help: "A name from a failing report, or an exercise for the one that failed last.")
  var name: String

  @Flag(help: "Walk through the steps with the keys f (forward) and b (back).")
  var step = false

  @Option(help: "Use this file in place of the exercise's own.")
  var with: String?

  func run() throws {
    let course = try Course(.current())
    let grader = try ExerciseGrader(course.workspace)
    let session = try ReplaySession(name, in: course, by: grader, with: with)
    if step, let keys = KeyReader() {
      StepWalk(session, style: Terminal.reportStyle) { Terminal.write($0) }.run(keys: keys)
    } else {
      print(session.text(style: Terminal.reportStyle))
    }
    throw ExitCode(session.isReproduced ? 0 : 1)
  }
}
