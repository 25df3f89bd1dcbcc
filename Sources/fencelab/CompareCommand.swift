public import ArgumentParser
public import Exploring
internal import Grading

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the designs of a debate by evidence.",
    discussion: """
      Runs the debate's programs over each design, in every interleaving, and fills one table: \
      races, bytes, steps, and what a driver's author must remember. Ends with 0 when the table is \
      complete, whatever it says.
      """)

  @Argument(
    help: "\(CompareSession.names.joined(separator: ", ")).",
    completion: .list(CompareSession.names))
  var debate: String

  @Option(help: "Only this design, with the schedules that break it.")
  var design: String?

  @Option(help: "Only this column.")
  var column: String?

  @Option(help: "text, json for machines, or markdown for a page.")
  var format = CompareFormat.text

  @Flag(help: "Show the failing schedule of every cell that has one.")
  var schedules = false

  @Option(help: "Perform one failing schedule of a cell again; needs --design and --column.")
  var replay: String?

  func run() throws {
    let session = try CompareSession(debate, design: design, column: column)
    if let replay {
      let replayed = try session.replay(replay)
      print(replayed.text(style: Terminal.reportStyle))
      throw ExitCode(replayed.isReproduced ? 0 : 1)
    }
    let status = StatusLine()
    let sheet = session.sheet(
      format, style: Terminal.reportStyle, schedules: schedules, status.show)
    status.clear()
    print(sheet)
  }
}

extension CompareFormat: ExpressibleByArgument {}
