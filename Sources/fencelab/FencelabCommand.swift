internal import ArgumentParser

@main
struct FencelabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fencelab",
    abstract: "Learn GPU fences: read a lesson, run it, solve its exercises.",
    subcommands: [
      ListCommand.self, NextCommand.self, HintCommand.self, ResetCommand.self,
      SolutionCommand.self, GradeCommand.self, WatchCommand.self, ReplayCommand.self,
    ])
}
