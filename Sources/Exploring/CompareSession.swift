internal import Debates
internal import Explorer
public import Grading

/// Which part of a debate's table `fencelab compare` was asked for.
public struct CompareRequest: Sendable {
  /// Only this row.
  public var design: String?
  /// Only this column.
  public var column: String?
  /// Only this claim, and no table.
  public var claim: String?

  /// The whole table unless said otherwise.
  public init(design: String? = nil, column: String? = nil, claim: String? = nil) {
    (self.design, self.column, self.claim) = (design, column, claim)
  }
}

/// What `fencelab compare` was asked: a debate, and which part of its table.
public struct CompareSession: Sendable {
  private let debate: Debate
  private let request: CompareRequest
  private let workspace: Workspace?
  private var record: NativeRecord?

  /// The names of all debates.
  public static var names: [String] { Debate.all.map(\.name) }

  /// Finds the debate, and refuses names of designs, columns and claims that it does not have.
  ///
  /// - Parameter workspace: Where native costs were recorded; without one they are left open.
  public init(
    _ name: String, _ request: CompareRequest = CompareRequest(), in workspace: Workspace? = nil
  ) throws(GradingError) {
    guard let debate = Debate.named(name) else {
      throw GradingError(
        "There is no debate \(name).", repair: "Choose one of \(Self.list(Self.names)).")
    }
    let comparison = Comparison(debate, load: .desktop)
    try Self.check("design", request.design, debate, debate.designs.map(\.name))
    try Self.check("column", request.column, debate, comparison.columns.map(\.name))
    if let claim = request.claim {
      try Self.check("claim", claim, debate, comparison.claims().map(\.claim.id))
    }
    self.debate = debate
    self.request = request
    self.workspace = workspace
    record = workspace.flatMap { NativeRecords($0).record(of: debate.name) }
  }

  private static func check(
    _ kind: String, _ name: String?, _ debate: Debate, _ known: [String]
  ) throws(GradingError) {
    guard let name, !known.contains(name) else { return }
    throw GradingError(
      "\(debate.name) has no \(kind) \(name).",
      repair: known.isEmpty
        ? "Leave --\(kind) out: this debate has none." : "Choose one of \(list(known)).")
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  // MARK: - Results

  /// Fills the table, or the part that was asked for, and prints it.
  ///
  /// The failing schedules are shown where `schedules` says so, and for one design alone.
  public func sheet(
    _ format: CompareFormat, style: ReportStyle = ReportStyle(), schedules: Bool = false,
    _ progress: (String) -> Void = { _ in }
  ) -> String {
    let comparison = Comparison(debate, native: record, load: .desktop)
    let isShown = schedules || request.design != nil
    var table = comparison.table(
      designs: request.claim == nil ? request.design.map { [$0] } : [],
      columns: request.claim == nil ? request.column.map { [$0] } : [], quotesSources: isShown,
      progress)
    if let claim = request.claim { table.claims = comparison.claims(claim) }
    return CompareSheet(table, style: style, showsSchedules: isShown).text(format)
  }

  /// Measures native costs on this machine, in place of what was recorded.
  ///
  /// - Parameter keeps: Whether the record is written.
  public mutating func measure(keeps: Bool) throws(GradingError) {
    guard let workspace else {
      throw GradingError(
        "Native costs are measured in a checkout, and this is none.",
        repair: "Change into the folder that you cloned, and try again.")
    }
    let records = NativeRecords(workspace)
    let measured = try records.measure(debate.name)
    if keeps { _ = try records.keep(measured) }
    record = measured
  }

  /// Performs one failing schedule of one cell again.
  public func replay(_ schedule: String) throws(GradingError) -> any ReplayedSchedule {
    guard let design = request.design.flatMap({ debate.design(named: $0) }),
      let column = request.column
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
}

/// One schedule of a debate's cell.
private struct DebateReplay: ReplayedSchedule {
  let ending: ReplaySession.Ending

  var isReproduced: Bool { if case .failed = ending { true } else { false } }

  func text(style: ReportStyle) -> String { ending.text(style: style) }
}
