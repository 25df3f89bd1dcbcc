internal import ArgumentParser
internal import Authoring
internal import FoundationEssentials
internal import Grading
internal import Publishing

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that lessons, listings, outputs and exercises are what they claim.")

  @Flag(help: "Leave out the exercises.")
  var skipExercises = false

  @Option(help: "Answers that are graded at a time.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs needs at least 1.") }
  }

  func run() throws {
    let workspace = try Workspace.current()
    var findings = try LessonVerifier.verify(root: workspace.root, provider: KitRuns(workspace))
      .map(\.description)
    if !skipExercises {
      let verifier = try ExerciseVerifier(Course(workspace))
      findings += try verifier.verify(jobs: jobs) { Terminal.write("\($0)\n") }
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

struct WeakenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weaken",
    abstract: "Take each labelled ordering away and show which program fails without it.",
    discussion: """
      Ends with 0 if every ordering is needed by a program or explained, and with 1 otherwise.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "Only orderings whose label begins so, such as `rcu`.")
  var only = ""

  @Option(help: "text, or json for machines.")
  var format: Format = .text

  @Flag(help: "Write Documentation/Weakening.md anew.")
  var write = false

  func validate() throws {
    if write && !only.isEmpty {
      throw ValidationError("--write needs every ordering: leave out --only.")
    }
  }

  func run() throws {
    let tree = SourceTree(root: try Workspace.current().root)
    let status = StatusLine()
    let report = WeakeningRun(tree, label: only).report { status.show("without \($0)") }
    status.clear()
    Terminal.write(format == .json ? report.json : report.text)
    if write { try tree.write(report.markdown, to: WeakeningReport.page) }
    for complaint in report.complaints { Terminal.writeError("\(complaint)\n") }
    if !report.complaints.isEmpty || report.rows.isEmpty { throw ExitCode(1) }
  }
}
