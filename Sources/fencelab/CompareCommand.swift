public import ArgumentParser
public import Exploring
internal import Grading

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the designs of a debate by evidence.",
    discussion: """
      Runs the debate's programs over each design, in every interleaving, and fills one table: \
      races, bytes, steps, line transfers, and what a driver's author must remember. Ends with 0 \
      when the table is complete, whatever it says.

      Native costs come from a record beside the lessons, which names its machine; --measure \
      times the designs here. The column `desktop` runs `fencelab run desktop` under each design \
      that is a policy of the fence library, with a model of the caches.
      """)

  @Argument(
    help: "\(CompareSession.names.joined(separator: ", ")).",
    completion: .list(CompareSession.names))
  var debate: String

  @Option(help: "Only this design, with the schedules that break it.")
  var design: String?

  @Option(help: "Only this column.")
  var column: String?

  @Option(help: "Only this claim, counted anew.")
  var claim: String?

  @Option(help: "text, json for machines, or markdown for a page.")
  var format = CompareFormat.text

  @Flag(help: "Show the failing schedule of every cell that has one.")
  var schedules = false

  @Flag(help: "Time the designs on this machine; builds the kit without its seam first.")
  var measure = false

  @Flag(help: "Keep what --measure finds as the new record.")
  var record = false

  @Option(help: "Perform one failing schedule of a cell again; needs --design and --column.")
  var replay: String?

  func validate() throws {
    if record, !measure { throw ValidationError("--record keeps what --measure finds: add it.") }
    if claim != nil, design != nil || column != nil {
      throw ValidationError("A claim is in no cell: leave --design and --column out.")
    }
  }

  func run() throws {
    let request = CompareRequest(design: design, column: column, claim: claim)
    var session = try CompareSession(debate, request, in: try? Workspace.current())
    if let replay {
      let replayed = try session.replay(replay)
      print(replayed.text(style: Terminal.reportStyle))
      throw ExitCode(replayed.isReproduced ? 0 : 1)
    }
    let status = StatusLine()
    if measure {
      status.show("building without the seam, and timing each design")
      try session.measure(keeps: record)
    }
    let sheet = session.sheet(
      format, style: Terminal.reportStyle, schedules: schedules, status.show)
    status.clear()
    print(sheet)
  }
}

extension CompareFormat: ExpressibleByArgument {}
