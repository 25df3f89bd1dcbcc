internal import Explorer
internal import FoundationEssentials
public import Grading
internal import ScenarioKit

/// Lets somebody be the scheduler of a scenario and try to break it.
public struct PlaySession {
  private let name: ScenarioName
  private let process: ScenarioProcess
  private let program: ScenarioFile
  private let workspace: Workspace
  private let style: ReportStyle
  private let rowsMax: Int
  private let write: (String) -> Void

  /// Compiles the file and starts its program.
  ///
  /// - Parameters:
  ///   - name: `FILE.swift` for its first exploration, `FILE.swift.2` for its second.
  ///   - lines: Lines of the terminal; as many as there are without it.
  public init(
    _ name: String, style: ReportStyle, lines: Int = .max, write: @escaping (String) -> Void
  ) throws(GradingError) {
    guard let meant = ScenarioName(name), meant.schedule == nil else {
      throw GradingError(
        "\(name) is no file of scenarios.",
        repair: "Name a file, or one of its explorations: mine.swift.2.")
    }
    self.name = meant
    self.style = style
    self.write = write
    rowsMax = max(lines == .max ? .max : lines - 24, 8)
    workspace = try ScenarioFile.workspace()
    program = try ScenarioFile(meant.file, workspace)
    process = try ScenarioProcess(program.path, ScenarioRequest(.play(index: meant.index)))
  }

  /// Plays until there is no more input.
  ///
  /// - Parameter nextInput: A key or a line; nil at the end.
  /// - Returns: Whether the last position broke a rule.
  public func run(nextInput: () -> String?) throws(GradingError) -> Bool {
    defer { program.clean() }
    var moves: [PlayMove] = []
    var position = try position(after: moves)
    show(position)
    while let text = nextInput() {
      let input = text.filter { !$0.isWhitespace }
      if input == "q" { break }
      switch Self.move(input, in: position) {
      case .back: if !moves.isEmpty { moves.removeLast() }
      case .again: moves = []
      case .make(let move): moves.append(move)
      case nil:
        write("There is no choice \(input).\n")
        continue
      }
      position = try self.position(after: moves)
      if let failure = position.failure { try keep(failure) }
      show(position)
    }
    return position.failure != nil
  }

  private func position(after moves: [PlayMove]) throws(GradingError) -> PlayPosition {
    process.send(PlayOrder.moves(moves))
    while let frame = process.next() {
      if case .position(let position) = frame { return position }
      if case .finished = frame { break }
    }
    throw GradingError(
      "\(name.file) has no exploration \(name.index), or it ended too early.",
      repair: "Explore it first: `fencelab explore \(name.file)`.")
  }

  private enum Answer { case back, again, make(PlayMove) }

  private static func move(_ input: String, in position: PlayPosition) -> Answer? {
    if input == "u" { return .back }
    if input == "r" { return .again }
    guard let number = Int(input) else { return nil }
    if let limit = position.choicesBelow {
      return number >= 0 && UInt64(number) < limit ? .make(.choose(UInt64(number))) : nil
    }
    guard position.options.indices.contains(number - 1) else { return nil }
    return .make(.step(thread: position.options[number - 1].thread))
  }

  private func show(_ position: PlayPosition) {
    let schedule = FailureReport(playing: position)
    var lines: [String] = []
    if position.steps.isEmpty {
      lines.append("Nobody has taken a step yet.")
    } else {
      let rows = max(position.steps.count - rowsMax, 0)..<position.steps.count
      lines.append(ScheduleTable(schedule, isVerbose: true).text(style, rows: rows))
    }
    lines += ending(position) + options(position)
    if style.isStyled { write("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
    write(lines.joined(separator: "\n") + "\n")
  }

  private func ending(_ position: PlayPosition) -> [String] {
    if let failure = position.failure {
      return [style.bad("✗ \(failure.verdict.rawValue) (\(failure.rule))")]
        + style.wrapped(failure.message, indent: 2)
        + [style.bold("You broke it. Kept as: fencelab replay \(name.file).\(name.index)")]
    }
    return position.isOver
      ? [style.good("This execution came to its end and broke no rule. Undo, or start again.")] : []
  }

  private func options(_ position: PlayPosition) -> [String] {
    var lines: [String] = []
    if let limit = position.choicesBelow {
      lines.append("The program leaves a number open: 0 to \(limit - 1).")
    } else if !position.isOver {
      let width = position.options.map(\.name.count).max() ?? 0
      for (index, option) in position.options.enumerated() {
        let name = option.name + String(repeating: " ", count: width - option.name.count)
        let text = option.source.isEmpty ? option.event : option.source
        lines.append(style.fit("  \(index + 1)  \(name)  \(text)"))
      }
    }
    let choose = position.isOver ? "" : "number: next step · "
    return lines + [style.dim("\(choose)u undo · r start again · q quit")]
  }

  private func keep(_ failure: FailureReport) throws(GradingError) {
    try ReplayBook(workspace).keep(
      "\(name.file).\(name.index)~\(failure.replay)", of: name.file, index: name.index)
  }
}

extension FailureReport {
  /// The steps of a game as a schedule to draw.
  fileprivate init(playing position: PlayPosition) {
    self = position.failure ?? FailureReport(lanes: position.lanes, steps: position.steps)
  }
}
