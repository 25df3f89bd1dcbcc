import Explorer
package import Grading
import LessonDemos
package import Publishing
import Timeline

/// What blocks with `run=` show: lesson demos, and what the grader says about an exercise.
///
/// | block | shows |
/// |---|---|
/// | `diagram run=demo` | the lesson's demo on the simulated machine |
/// | `schedule run=1-break-it/Wrong/Name` | how that answer in `Tests/ExerciseTests` fails |
/// | `schedule run=name`, `table run=name` | what the lesson lists in `LessonDemos` |
/// | `table run=compare/whose-lock` | the table of a debate |
package struct KitRuns: WovenSource {
  /// Columns of a woven block; a terminal of 80 shows them uncut.
  static let columns = LessonLint.codeColumns

  private let workspace: Workspace

  /// Runs the kit of this checkout.
  package init(_ workspace: Workspace) {
    self.workspace = workspace
  }

  package func text(
    of kind: Block.OutputKind, run name: String, lesson: String
  ) throws -> String {
    switch kind {
    case .diagram: try chart(name, of: lesson).text(TextOptions(columns: Self.columns))
    case .schedule:
      try wrapped(
        name.contains("/") ? schedule(name, of: lesson) : scenario(name, of: lesson))
    case .table: try table(name, of: lesson)
    case .console:
      throw WovenSourceError(
        problem: "the kit has no \(kind.rawValue) '\(name)'",
        repair: "weave a diagram or a schedule, or write the text yourself without run=")
    }
  }

  package func drawing(run name: String, lesson: String) throws -> String? {
    try chart(name, of: lesson).svg(SVGOptions(prefix: "\(lesson)-\(name)"))
  }

  private func chart(_ name: String, of lesson: String) throws -> TimeChart {
    guard name == "demo", let demo = LessonDemos.demo(of: lesson) else {
      throw WovenSourceError(
        problem: "there is no diagram '\(name)' of \(lesson)",
        repair: "write run=demo and list the lesson's demo in LessonDemos")
    }
    return TimeChart(demo.run())
  }

  /// Explores one of the lesson's own scenarios, and shows the schedule that refutes its claim.
  private func scenario(_ name: String, of lesson: String) throws -> String {
    guard let scenario = LessonDemos.scenario(name, of: lesson) else {
      throw WovenSourceError(
        problem: "there is no scenario '\(name)' of \(lesson)",
        repair: "list it in LessonDemos, or name an answer as K-exercise/Wrong/Name")
    }
    let report = scenario.explore()
    guard let failure = report.failure else {
      throw WovenSourceError(
        problem: "the scenario '\(name)' has no failing schedule: \(report.verdict.rawValue)",
        repair: "name a scenario whose claim is refuted")
    }
    return failure.schedule(columns: Self.columns)
  }

  private func table(_ name: String, of lesson: String) throws -> String {
    guard let table = LessonDemos.table(name, of: lesson) else {
      throw WovenSourceError(
        problem: "there is no table '\(name)' of \(lesson)", repair: "list it in LessonDemos")
    }
    return table.rows().map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// Grades one of the answers that prove an exercise, and shows how it fails.
  private func schedule(_ name: String, of lesson: String) throws -> String {
    let parts = name.split(separator: "/", maxSplits: 1)
    let file = "\(workspace.root)/Tests/ExerciseTests/\(lesson)/\(name).swift"
    guard parts.count == 2, SourceTree(root: workspace.root).contains(relative(file)) else {
      throw WovenSourceError(
        problem: "there is no answer '\(name)' of \(lesson)",
        repair: "name one as K-exercise/Wrong/Name, from Tests/ExerciseTests/\(lesson)")
    }
    do {
      let exercise = try Course(workspace).exercise("\(lesson)/\(parts[0])")
      let result = try ExerciseGrader(workspace).grade(exercise, with: file)
      if let schedule = result.schedule(columns: Self.columns) { return schedule }
      throw WovenSourceError(
        problem: "the answer '\(name)' has no failing schedule: \(result.verdict.rawValue)",
        repair: "name an answer that an exploration refutes")
    } catch let error as GradingError {
      throw WovenSourceError(problem: error.problem, repair: error.repair)
    }
  }

  /// Breaks the sentence below the lanes where a terminal would cut it; the lanes fit already.
  private func wrapped(_ schedule: String) -> String {
    schedule.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.count > Self.columns else { return String(line) }
      return line.split(separator: " ").reduce(into: [""]) { lines, word in
        let last = lines.removeLast()
        let longer = last.isEmpty ? String(word) : "\(last) \(word)"
        lines += longer.count <= Self.columns ? [longer] : [last, String(word)]
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func relative(_ path: String) -> String {
    String(path.dropFirst(workspace.root.count + 1))
  }
}
