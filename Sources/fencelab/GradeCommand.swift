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

  @Option(help: "Grade this file in place of the exercise's own; progress stays as it is.")
  var with: String?

  @Flag(help: "Compile and run answers in namespaces of their own; an error where that cannot be.")
  var isolated = false

  @Flag(help: "Show everything that the compiler complains about.")
  var verbose = false

  @Option(help: "How the results are printed.")
  var format = ReportFormat.text

  func validate() throws {
    if all, !exercises.isEmpty { throw ValidationError("--all already means every exercise.") }
    if with != nil, all || exercises.count != 1 {
      throw ValidationError("--with needs exactly one exercise.")
    }
  }

  func run() throws {
    let session = try GradeSession(Course(.current()), isIsolated: isolated)
    let sheet = try session.grade(all ? .all : .named(exercises), with: with)
    print(sheet.text(format, style: Terminal.reportStyle, isVerbose: verbose))
    throw ExitCode(sheet.exitCode)
  }
}

extension ReportFormat: ExpressibleByArgument {}
