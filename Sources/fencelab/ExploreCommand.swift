public import ArgumentParser
public import Exploring
internal import Grading

struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Explore a scenario of your own under every interleaving.",
    discussion: """
      The file calls explore("what is claimed") { lab in … } at its top level. Ends with 0 if \
      every execution was explored and none broke a rule, with 1 if one did, and with 2 if the \
      search ended before it had seen everything. Ctrl-C ends it in good order.
      """)

  @Argument(help: "A Swift file; Documentation/Exploring.md shows one.", completion: .file())
  var file: String

  @Flag(help: "Explore on weak memory, under the kernel's memory model.")
  var weak = false

  @Option(help: "End a search after so many executions (100000), or so long (90s, 5m).")
  var budget: Budget?

  @Option(help: "Search with so many processes; the results are the same.")
  var jobs = 1

  @Option(help: "Decides the random schedules that follow a search that ended early.")
  var seed: UInt64 = 1

  @Option(
    help: "Keep here how far the search came, and go on from there.", completion: .file())
  var checkpoint: String?

  @Option(help: "How the results are printed.")
  var format = ExploreFormat.text

  @Flag(help: "Show also the steps that no other thread can notice.")
  var verbose = false

  func validate() throws {
    guard (1...64).contains(jobs) else { throw ValidationError("--jobs is between 1 and 64.") }
  }

  func run() throws {
    var settings = ExploreSettings()
    settings.isWeak = weak
    settings.executionsMax = budget?.executions
    settings.secondsMax = budget?.seconds
    settings.jobs = jobs
    settings.seed = seed
    settings.checkpoint = checkpoint
    let status = StatusLine()
    let results = try ExploreSession(file, settings).run(status.show)
    status.clear()
    let sheet = ExploreSheet(results).text(
      format, style: Terminal.reportStyle, isVerbose: verbose)
    if format == .svg, sheet.isEmpty {
      Terminal.writeError("Nothing failed, so there is no schedule to draw.\n")
    } else if !results.isEmpty {
      print(sheet)
    }
    if let breakOff = results.breakOff {
      Terminal.writeError("Error: \(breakOff)\n")
    }
    throw ExitCode(results.exitCode.rawValue)
  }
}

/// How far a search may go: a number of executions, or a time.
struct Budget: ExpressibleByArgument {
  var executions: Int?
  var seconds: Double?

  init?(argument: String) {
    if let count = Int(argument), count > 0 {
      executions = count
      return
    }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = argument.last.flatMap({ units[$0] }),
      let count = Double(argument.dropLast()), count > 0
    else { return nil }
    seconds = count * unit
  }
}

extension ExploreFormat: ExpressibleByArgument {}
