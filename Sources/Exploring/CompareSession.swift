internal import Debates
internal import Explorer
public import Grading

/// What `fencelab compare` was asked: a debate, and which part of its table.
public struct CompareSession: Sendable {
  private let debate: Debate
  private let designs: [String]?
  private let columns: [String]?

  /// The names of all debates.
  public static var names: [String] { Debate.all.map(\.name) }

  /// Finds the debate, and refuses names of designs and columns that it does not have.
  ///
  /// - Parameters:
  ///   - design: Only this row.
  ///   - column: Only this column.
  public init(_ name: String, design: String?, column: String?) throws(GradingError) {
    guard let debate = Debate.named(name) else {
      throw GradingError(
        "There is no debate \(name).", repair: "Choose one of \(Self.list(Self.names)).")
    }
    if let design, debate.design(named: design) == nil {
      throw GradingError(
        "\(debate.name) has no design \(design).",
        repair: "Choose one of \(Self.list(debate.designs.map(\.name))).")
    }
    let names = Comparison(debate).columns.map(\.name)
    if let column, !names.contains(column) {
      throw GradingError(
        "\(debate.name) has no column \(column).", repair: "Choose one of \(Self.list(names)).")
    }
    self.debate = debate
    designs = design.map { [$0] }
    columns = column.map { [$0] }
  }

  /// Fills the table, or the part that was asked for, and prints it.
  ///
  /// The failing schedules are shown where `schedules` says so, and for one design alone.
  public func sheet(
    _ format: CompareFormat, style: ReportStyle = ReportStyle(), schedules: Bool = false,
    _ progress: (String) -> Void = { _ in }
  ) -> String {
    let table = Comparison(debate).table(designs: designs, columns: columns, progress)
    return CompareSheet(table, style: style, showsSchedules: schedules || designs != nil)
      .text(format)
  }

  /// Performs one failing schedule of one cell again.
  public func replay(_ schedule: String) throws(GradingError) -> any ReplayedSchedule {
    guard let design = designs?.first.flatMap({ debate.design(named: $0) }),
      let column = columns?.first
    else {
      throw GradingError(
        "A schedule belongs to one cell.", repair: "Say which: add --design and --column.")
    }
    let outcome = Comparison(debate).replay(schedule, of: design, column: column)
    return DebateReplay(
      ending: try ReplaySession.Ending(
        outcome, missing: "The column \(column) has no schedules to replay.",
        repair: "Explore it as it is now: "
          + "`fencelab compare \(debate.name) --design \(design.name) --column \(column)`."))
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

/// One schedule of a debate's cell.
private struct DebateReplay: ReplayedSchedule {
  let ending: ReplaySession.Ending

  var isReproduced: Bool { if case .failed = ending { true } else { false } }

  func text(style: ReportStyle) -> String { ending.text(style: style) }
}
