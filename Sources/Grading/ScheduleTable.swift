package import Explorer
internal import Timeline

/// A failing schedule, drawn with one column a CPU.
package struct ScheduleTable {
  private let table: LaneTable

  /// Draws the story of a schedule, or with `isVerbose` every step.
  ///
  /// Where steps are left out, a row says how many; where a step read or wrote something that
  /// others notice, the value stands behind its line.
  package init(_ failure: FailureReport, isVerbose: Bool) {
    let shown = isVerbose ? Array(failure.steps.indices) : Self.story(failure)
    var rows: [LaneRow] = []
    var next = 0
    for index in shown {
      if index > next {
        let count = index - next
        rows.append(
          LaneRow(
            lane: failure.steps[index].lane, text: "⋮ \(counted(count, "step"))", number: next + 1))
      }
      rows.append(Self.row(failure.steps[index], index, places: true, values: true))
      if let note = failure.steps[index].note {
        rows.append(LaneRow(lane: failure.steps[index].lane, text: "  " + note, number: index + 1))
      }
      next = index + 1
    }
    table = LaneTable(lanes: failure.lanes, rows: rows)
  }

  /// Draws the steps with these indices; each keeps its number in the whole schedule.
  init(_ failure: FailureReport, _ indices: some Sequence<Int>, places: Bool = true) {
    table = LaneTable(
      lanes: failure.lanes,
      rows: indices.map { index in
        Self.row(failure.steps[index], index, places: places, values: false)
      })
  }

  private static func row(
    _ step: ReportStep, _ index: Int, places: Bool, values: Bool
  ) -> LaneRow {
    LaneRow(
      lane: step.lane, text: text(step), detail: values ? detail(step) : "",
      location: step.file.isEmpty || !places ? "" : "\(step.file):\(step.line)",
      mark: step.mark.map { $0 == .broke ? .violation : .cause }, number: index + 1)
  }

  /// The value, unless the line says it.
  private static func detail(_ step: ReportStep) -> String {
    guard let value = step.value, !step.source.isEmpty else { return "" }
    let number = value.drop { !$0.isNumber && $0 != "-" }
    return value.hasPrefix("←") && step.source.contains(number) ? "" : value
  }

  /// The source where it is at hand; the values that matter behind it.
  private static func text(_ step: ReportStep) -> String {
    step.source.isEmpty ? step.event : step.source
  }

  /// For a terminal.
  package func text(_ style: ReportStyle) -> String {
    table.text(TextOptions(columns: style.columns, styled: style.isStyled))
  }

  /// Some of the rows, in the columns of the whole.
  package func text(_ style: ReportStyle, rows: Range<Int>) -> String {
    table.text(TextOptions(columns: style.columns, styled: style.isStyled), rows: rows)
  }

  /// As a drawing of its own that follows the reader's theme.
  package func svg(title: String, caption: String) -> String {
    table.svg(
      SVGOptions(prefix: "schedule", isStandalone: true), title: title, caption: caption)
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
