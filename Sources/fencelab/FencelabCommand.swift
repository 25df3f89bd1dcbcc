internal import ArgumentParser

@main
struct FencelabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fencelab",
    abstract: "Learn GPU fences: read a lesson, run it, solve its exercises.",
    discussion: "Without a command: watch the next unsolved exercise, or show the status.",
    subcommands: [HomeCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Learn",
        subcommands: [
          StartCommand.self, ReadCommand.self, QuizCommand.self, RunCommand.self, ListCommand.self,
          NextCommand.self,
          WatchCommand.self, GradeCommand.self, ReplayCommand.self, HintCommand.self,
          SolutionCommand.self, ResetCommand.self,
        ]),
      CommandGroup(
        name: "Settle an argument", subcommands: [CompareCommand.self, ExploreCommand.self]),
      CommandGroup(name: "Teach", subcommands: [ClassCommand.self]),
      CommandGroup(name: "Examine", subcommands: [LitmusCommand.self]),
      CommandGroup(
        name: "Contribute",
        subcommands: [
          VerifyCommand.self, WeaveCommand.self, WeakenCommand.self, SiteCommand.self,
        ]),
    ],
    defaultSubcommand: HomeCommand.self)
}
