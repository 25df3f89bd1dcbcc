import ArgumentParser

@main
struct FencelabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fencelab")
}
