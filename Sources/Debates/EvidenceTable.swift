public import Explorer
internal import Fences

/// What a debate's designs came to, cell by cell.
public struct EvidenceTable: Sendable, Codable {
  /// The debate's name.
  public let debate: String
  /// Its question.
  public let question: String
  /// The columns, in order.
  public let columns: [Column]
  /// One for each design.
  public var rows: [Row] = []
  /// What was said about numbers, where the whole table is wanted.
  public var claims: [Claim] = []
  /// Where and when native costs were measured; nil without a record.
  public var native: NativeRecord.Provenance?

  /// Something that was said, and how to count it again.
  public struct Claim: Sendable, Codable {
    /// What was said and what was counted.
    public let claim: CountedClaim
    /// The command that counts it again.
    public let command: String
  }

  /// What one column says.
  public struct Column: Sendable, Codable, Hashable {
    /// What the command line calls it.
    public let name: String
    /// Its heading.
    public let title: String
    /// What is claimed or counted, in a sentence.
    public let meaning: String
  }

  /// One design.
  public struct Row: Sendable, Codable {
    /// The design's name.
    public let design: String
    /// The design in a few words.
    public let summary: String
    /// Where it comes from.
    public let origin: Design.Origin
    /// In the order of the columns.
    public let cells: [Cell]
  }

  /// One value, and how to get it again.
  public struct Cell: Sendable, Codable {
    /// The column's name.
    public let column: String
    /// What is shown.
    public let text: String
    /// The command that makes this cell again.
    public let command: String
    /// Whether anything was measured; false says that the kit has no data.
    public var isMeasured = true
    /// What was explored, where something was.
    public var report: ExplorationReport?

    /// The command that performs the failing schedule again; nil where nothing failed, and on weak
    /// memory, where ``command`` finds it again.
    public var replay: String? {
      guard let failure = report?.failure, !failure.replay.isEmpty, !column.hasSuffix("-weak")
      else { return nil }
      return "\(command) --replay \(failure.replay)"
    }
  }

  /// The cell of a design and a column; nil where there is none.
  public func cell(_ design: String, _ column: String) -> Cell? {
    rows.first { $0.design == design }?.cells.first { $0.column == column }
  }
}

/// Fills a debate's table.
public struct Comparison: Sendable {
  private let debate: Debate
  private let record: NativeRecord?
  private let load: WholeLoad?

  /// Compares the designs of this debate.
  ///
  /// - Parameters:
  ///   - record: What was measured natively; every other cell does without it.
  ///   - load: A whole load; its column is missing without it.
  public init(_ debate: Debate, native record: NativeRecord? = nil, load: WholeLoad? = nil) {
    (self.debate, self.record, self.load) = (debate, record, load)
  }

  /// Every column of the debate.
  public var columns: [EvidenceTable.Column] {
    trials.map(\.column) + debate.measures.map { $0.column(debate) }
      + (load.map { [$0.column] } ?? [])
  }

  /// Counts anew what was said about numbers.
  ///
  /// - Parameter id: Only this claim; all without it.
  public func claims(_ id: String? = nil) -> [EvidenceTable.Claim] {
    debate.claims().filter { id == nil || $0.id == id }.map {
      EvidenceTable.Claim(claim: $0, command: "fencelab compare \(debate.name) --claim \($0.id)")
    }
  }

  /// Runs what the table shows.
  ///
  /// - Parameters:
  ///   - designs: Only these rows; all without it.
  ///   - names: Only these columns; all without it.
  ///   - quotesSources: Whether failing schedules quote the lines of their steps, which takes
  ///     longer than finding them.
  ///   - progress: Hears what is being run.
  public func table(
    designs: [String]? = nil, columns names: [String]? = nil, quotesSources: Bool = false,
    _ progress: (String) -> Void = { _ in }
  ) -> EvidenceTable {
    let wanted = columns.filter { names?.contains($0.name) ?? true }
    var table = EvidenceTable(debate: debate.name, question: debate.question, columns: wanted)
    if wanted.contains(where: { $0.name == Measure.native.name }) {
      table.native = record?.provenance
    }
    for design in debate.designs where designs?.contains(design.name) ?? true {
      let cells = wanted.map { column in
        progress("\(design.name): \(column.name)")
        return cell(design, column, quotesSources)
      }
      table.rows.append(
        EvidenceTable.Row(
          design: design.name, summary: design.summary, origin: design.origin, cells: cells))
    }
    if designs == nil, names == nil {
      progress("claims")
      table.claims = claims()
    }
    return table
  }

  /// Performs one failing schedule of one cell again.
  ///
  /// - Returns: nil where the column explores nothing, and on weak memory.
  public func replay(_ schedule: String, of design: Design, column: String) -> ReplayOutcome? {
    guard let trial = trials.first(where: { $0.column.name == column }),
      trial.memory == .sequential
    else { return nil }
    return FencePolicy.with(design.policy) {
      Explorer.replay(
        schedule, of: name(trial.workload, design), design.scenario(of: trial.workload))
    }
  }

  // MARK: - Cells

  private func cell(
    _ design: Design, _ column: EvidenceTable.Column, _ quotesSources: Bool
  ) -> EvidenceTable.Cell {
    let command = "fencelab compare \(debate.name) --design \(design.name) --column \(column.name)"
    if let trial = trials.first(where: { $0.column == column }) {
      let report = explore(trial, design, quotesSources)
      return EvidenceTable.Cell(
        column: column.name, text: Self.words(report), command: command, report: report)
    }
    let measure = debate.measures.first { $0.name == column.name }
    let value =
      measure?.value(design, debate, record) ?? load?.value(design) ?? .absent("unknown")
    return EvidenceTable.Cell(
      column: column.name, text: value.text, command: command, isMeasured: value.isMeasured)
  }

  /// The verdict, and of a pass how much it covers.
  private static func words(_ report: ExplorationReport) -> String {
    guard report.failure == nil else { return report.verdict.rawValue }
    let extent = counted(report.executions, "execution")
    return report.isExhaustive ? "passed, all \(extent)" : "stopped after \(extent)"
  }

  // MARK: - Explorations

  private struct Trial {
    let workload: Workload
    let memory: ExplorationOptions.Memory
    let column: EvidenceTable.Column
  }

  private var trials: [Trial] {
    debate.workloads.flatMap { workload in
      workload.memories.map { memory in
        let isWeak = memory == .weak
        return Trial(
          workload: workload, memory: memory,
          column: EvidenceTable.Column(
            name: workload.name + (isWeak ? "-weak" : ""),
            title: workload.name + (isWeak ? ", weak" : ""),
            meaning: workload.claim + (isWeak ? "; on weak memory" : "")))
      }
    }
  }

  private func explore(
    _ trial: Trial, _ design: Design, _ quotesSources: Bool
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.namesLines = quotesSources
    options.memory = trial.memory
    return FencePolicy.with(design.policy) {
      Explorer.explore(
        name(trial.workload, design), options: options, design.scenario(of: trial.workload))
    }
  }

  private func name(_ workload: Workload, _ design: Design) -> String {
    "\(debate.name), \(design.name): \(workload.claim)"
  }
}
