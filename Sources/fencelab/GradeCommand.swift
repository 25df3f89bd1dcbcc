public import ArgumentParser
public import Grading

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade exercises.",
    discussion: "Ends with 0 only if everything that was asked for passed.")

  @Argument(help: "Exercises such as 06.1; without any, the next unsolved one.")
  var exercises: [String] = []

  @Flag(help: "Grade every exercise.")
  var all = false

  @Option(help: "Grade this file in place of the exercise's own.")
  var with: String?

  @Option(help: "text, json, junit or tap.")
  var format = ReportFormat.text

  func run() throws {
    let workspace = try Workspace.current()
    let course = Course(workspace)
    let grader = try ExerciseGrader(workspace)
    let meant = try all ? course.exercises : exercises.map { try course.exercise($0) }
    let sheet = GradeSheet(try meant.map { try grader.grade($0, with: with) })
    print(sheet.text(format, style: Terminal.reportStyle))
    throw ExitCode(sheet.exitCode)
  }
}

extension ReportFormat: ExpressibleByArgument {}
