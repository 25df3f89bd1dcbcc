public import ArgumentParser
internal import FoundationEssentials
public import Grading

struct ClassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "class", abstract: "Grade a folder of answers, one folder a person.",
    discussion: """
      Run it again to go on where it was interrupted: only answers that are new or changed are \
      graded. Ends with 0 if every answer has a result, whatever the verdicts are.
      """)

  @Argument(help: "The folder.", completion: .directory)
  var folder: String

  @Option(name: .customLong("exercise"), help: "Only this exercise; may be repeated.")
  var exercises: [String] = []

  @Flag(help: "Compile and run answers in namespaces of their own; an error where that cannot be.")
  var isolated = false

  @Option(help: "Answers graded at a time.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where results are kept; FOLDER-results without it.", completion: .directory)
  var output: String?

  @Option(help: "Grade one part of the class, such as 3/10.")
  var shard: String?

  @Flag(help: "Write the results of what was graded before, and grade nothing.")
  var collect = false

  @Option(help: "Print a file that spreads the class over --machines: ci or slurm.")
  var plan: ClassPlan.Engine?

  @Option(help: "Machines in the plan.")
  var machines = 4

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs needs at least 1.") }
    if machines < 1 { throw ValidationError("--machines needs at least 1.") }
    if let shard, Shard(shard) == nil {
      throw ValidationError("\(shard) is no part of a class: write 3/10.")
    }
  }

  func run() throws {
    let course = try Course(.current())
    if let plan {
      print(
        ClassPlan(
          folder: folder, output: output ?? "class-results", exercises: exercises,
          isIsolated: isolated, machines: machines
        ).text(plan))
      return
    }
    let session = try ClassSession(
      course, folder: folder, output: output, exercises: exercises,
      // Whoever only collects needs no namespaces.
      isIsolated: isolated && !collect)
    var failures: [String] = []
    if !collect {
      let part = shard.flatMap(Shard.init) ?? .whole
      failures = try session.grade(part, jobs: jobs) { Terminal.write($0 + "\n") }
    }
    for failure in failures { Terminal.writeError("\(failure)\n") }
    // One of several machines sees a part only; who collects sees all.
    if shard != nil { throw ExitCode(failures.isEmpty ? 0 : 1) }
    let sheet = session.sheet()
    try sheet.write()
    print(sheet.summary)
    throw ExitCode(sheet.exitCode)
  }
}

extension ClassPlan.Engine: ExpressibleByArgument {}
