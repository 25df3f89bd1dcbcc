internal import Explorer
internal import Timeline

/// A failing schedule, drawn with one column a CPU.
struct ScheduleTable {
  private let table: LaneTable

  init(_ failure: FailureReport, _ steps: [ReportStep]) {
    table = LaneTable(
      lanes: failure.lanes,
      rows: steps.map { step in
        LaneRow(
          lane: step.lane, text: Self.text(step),
          location: step.file.isEmpty ? "" : "\(step.file):\(step.line)",
          mark: step.mark.map { $0 == .broke ? .violation : .cause })
      })
  }

  /// The source where it is at hand; the values that matter behind it.
  private static func text(_ step: ReportStep) -> String {
    step.source.isEmpty ? step.event : step.source
  }

  func text(_ style: ReportStyle) -> String {
    table.text(TextOptions(columns: style.columns, styled: style.isStyled))
  }

  /// The steps that fit into so many rows: what carries the story stays, and so does the end.
  static func folded(_ steps: [ReportStep], rowsMax: Int) -> [ReportStep] {
    var kept = steps
    if kept.count > rowsMax { kept = kept.filter { $0.matters || $0.mark != nil } }
    guard kept.count > rowsMax else { return kept }
    let marked = Set(kept.indices.filter { kept[$0].mark != nil }.suffix(rowsMax))
    let others = kept.indices.filter { !marked.contains($0) }.suffix(rowsMax - marked.count)
    return marked.union(others).sorted().map { kept[$0] }
  }
}
