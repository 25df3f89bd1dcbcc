internal import ArgumentParser
internal import FoundationEssentials
internal import Litmus

struct LitmusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "litmus",
    abstract: "Decide litmus tests in the kernel's C dialect.",
    discussion: """
      Prints every state the kernel memory model allows, with the number of executions that end in \
      it, how often the condition holds, data races, and an execution that satisfies it.

      Ends with 0 if every test was decided, whatever the verdicts, and with 2 if a file could not \
      be read or uses something that is not supported; the others are decided all the same.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "Files in the dialect of tools/memory-model.", completion: .file())
  var files: [String]

  @Option(help: "text, or json for machines.")
  var format: Format = .text

  @Flag(
    name: .customLong("no-load-buffering"),
    help: "Also forbid executions in which a load reads from a store it comes before.")
  var forbidsLoadBuffering = false

  @Flag(help: "Print the states alone.")
  var statesOnly = false

  @Flag(help: "Also run the test as a program under the explorer, and compare the states.")
  var explore = false

  func run() throws {
    var objects: [String] = []
    var hasFailed = false
    for (index, file) in files.enumerated() {
      do throws(LitmusError) {
        let outcome = try outcome(of: file)
        objects.append(outcome.json(file: file))
        guard format == .text else { continue }
        let style = LitmusReport.Style(
          isStyled: Terminal.isStyled, showsStatesOnly: statesOnly)
        Terminal.write((index > 0 ? "\n" : "") + LitmusReport(outcome, style: style).text)
        if explore { Terminal.write(comparison(outcome.test)) }
      } catch {
        hasFailed = true
        objects.append(error.json(file: file))
        if format == .text {
          Terminal.writeError("\(file):\(error.line > 0 ? "" : " ")\(error)\n")
        }
      }
    }
    if format == .json {
      print("{\"version\":1,\"tests\":[\n\(objects.joined(separator: ",\n"))\n]}")
    }
    throw ExitCode(hasFailed ? 2 : 0)
  }

  private func outcome(of file: String) throws(LitmusError) -> LitmusOutcome {
    guard let data = try? Data(contentsOf: URL(filePath: file)) else {
      throw LitmusError(line: 0, "This file cannot be read.", repair: "Check its name.")
    }
    let test = try LitmusTest(parsing: String(decoding: data, as: UTF8.self))
    return try test.decide(LitmusOptions(forbidsLoadBuffering: forbidsLoadBuffering))
  }

  /// What the explorer says about the same test, in one line.
  private func comparison(_ test: LitmusTest) -> String {
    if let obstacle = test.obstacleToExploring { return "Explorer \(obstacle)\n" }
    let explored = test.explore()
    guard explored.verdict == "passed" else {
      return "Explorer \(explored.verdict): \(explored.message)\n"
    }
    let decided = try? test.decide(LitmusOptions(forbidsLoadBuffering: true))
    let same = decided.map { outcome in
      outcome.states.allSatisfy { explored.states[$0.values.map(\.value)] == $0.count }
        && outcome.states.count == explored.states.count
    }
    let words = same == true ? "the same as" : "not those of"
    return "Explorer \(explored.executions) executions, \(explored.states.count) states, \(words) "
      + "the axioms without load buffering\n"
  }
}
