internal import ArgumentParser
internal import Authoring
internal import Grading
internal import Publishing

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that lessons, listings, outputs and exercises are what they claim.")

  @Flag(help: "Leave out the exercises.")
  var skipExercises = false

  func run() throws {
    let workspace = try Workspace.current()
    var findings = try LessonVerifier.verify(root: workspace.root, provider: KitRuns(workspace))
      .map(\.description)
    if !skipExercises {
      let verifier = try ExerciseVerifier(Course(workspace))
      findings += try verifier.verify { Terminal.write("\($0)\n") }
    }
    for finding in findings { Terminal.writeError("\(finding)\n") }
    print(findings.isEmpty ? "Everything is what it claims." : "\(findings.count) findings.")
    if !findings.isEmpty { throw ExitCode(1) }
  }
}

struct WeaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weave", abstract: "Rewrite woven blocks in the lessons from their sources.")

  func run() throws {
    let workspace = try Workspace.current()
    let changed = try LessonVerifier.weave(root: workspace.root, provider: KitRuns(workspace))
    print(changed.isEmpty ? "Every woven block is current." : changed.joined(separator: "\n"))
  }
}
