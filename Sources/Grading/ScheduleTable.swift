internal import Explorer
internal import Timeline

/// A failing schedule, drawn with one column a CPU.
struct ScheduleTable {
  private let table: LaneTable

  /// Draws the steps with these indices; each keeps its number in the whole schedule.
  init(_ failure: FailureReport, _ indices: some Sequence<Int>, places: Bool = true) {
    table = LaneTable(
      lanes: failure.lanes,
      rows: indices.map { index in
        let step = failure.steps[index]
        return LaneRow(
          lane: step.lane, text: Self.text(step),
          location: step.file.isEmpty || !places ? "" : "\(step.file):\(step.line)",
          mark: step.mark.map { $0 == .broke ? .violation : .cause }, number: index + 1)
      })
  }

  /// The source where it is at hand; the values that matter behind it.
  private static func text(_ step: ReportStep) -> String {
    step.source.isEmpty ? step.event : step.source
  }

  func text(_ style: ReportStyle) -> String {
    table.text(TextOptions(columns: style.columns, styled: style.isStyled))
  }

  /// The steps that carry the story, by index: what others notice, what is marked, and the end.
  ///
  /// Neighbouring steps of one line are shown as one.
  ///
  /// - Parameter rowsMax: Where there are more, the marked ones and the last ones stay.
  static func story(_ failure: FailureReport, rowsMax: Int = .max) -> [Int] {
    let steps = failure.steps
    var kept: [Int] = []
    for index in steps.indices where steps[index].matters || steps[index].mark != nil {
      if let last = kept.last, steps[last].mark == nil, isSameLine(steps[last], steps[index]) {
        kept.removeLast()
      }
      kept.append(index)
    }
    guard kept.count > rowsMax else { return kept }
    let marked = Set(kept.filter { steps[$0].mark != nil }.suffix(rowsMax))
    let others = kept.filter { !marked.contains($0) }.suffix(rowsMax - marked.count)
    return marked.union(others).sorted()
  }

  private static func isSameLine(_ one: ReportStep, _ other: ReportStep) -> Bool {
    one.lane == other.lane && one.file == other.file && one.line == other.line
      && !other.file.isEmpty
  }
}
