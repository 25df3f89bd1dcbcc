import ArgumentParser

@main
struct FencelabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fencelab",
    abstract: "Learn GPU fences: read a lesson, run it, solve its exercises.",
    subcommands: [GradeCommand.self])
}
