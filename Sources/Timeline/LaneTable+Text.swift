extension LaneTable {
  /// Draws the table for a terminal; no line is wider than `options.columns`.
  ///
  /// - Parameter shown: The rows to draw, all without it; the columns are those of the whole table,
  ///   so that they stay where they are while somebody walks through it.
  public func text(_ options: TextOptions = .plain, rows shown: Range<Int>? = nil) -> String {
    let layout = LaneLayout(self, options)
    let shown = shown ?? rows.indices
    return layout.isStacked ? stacked(layout, shown) : sideBySide(layout, shown)
  }

  private func sideBySide(_ layout: LaneLayout, _ shown: Range<Int>) -> String {
    var canvas = TextCanvas(layout.options)
    for (lane, title) in lanes.enumerated() {
      let shown = layout.fit(title, layout.laneColumns[lane])
      canvas.put(shown, row: 0, column: layout.laneStart(lane), .bold)
    }
    finishHeader(&canvas, layout, starts: lanes.indices.dropFirst().map(layout.laneStart))
    for (index, step) in zip(shown, rows[shown]) {
      let row = canvas.addRow()
      putFrame(
        &canvas, layout, row, step.number ?? index + 1,
        lanes.indices.dropFirst().map(layout.laneStart))
      putStep(
        &canvas, layout, step, row, at: layout.laneStart(step.lane), layout.laneColumns[step.lane])
    }
    return canvas.string()
  }

  private func stacked(_ layout: LaneLayout, _ shown: Range<Int>) -> String {
    var canvas = TextCanvas(layout.options)
    let start = layout.numberColumns + layout.titleColumns + 3
    canvas.put("lane", row: 0, column: layout.numberColumns, .bold)
    canvas.put("step", row: 0, column: start, .bold)
    finishHeader(&canvas, layout, starts: [start])
    for (index, step) in zip(shown, rows[shown]) {
      let row = canvas.addRow()
      putFrame(&canvas, layout, row, step.number ?? index + 1, [start])
      let title = layout.fit(lanes[step.lane], layout.titleColumns)
      canvas.put(title, row: row, column: layout.numberColumns)
      putStep(&canvas, layout, step, row, at: start, layout.stackedColumns)
    }
    return canvas.string()
  }

  /// The rule below the titles, and the separators beside them.
  private func finishHeader(_ canvas: inout TextCanvas, _ layout: LaneLayout, starts: [Int]) {
    let isUnicode = layout.options.repertoire == .unicode
    let row = canvas.addRow()
    let rule = String(repeating: isUnicode ? "─" : "-", count: layout.width)
    canvas.put(rule, row: row, column: 0, .dim)
    for start in starts + layout.locationStarts {
      canvas.put(isUnicode ? "│" : "|", row: 0, column: start - 2, .dim)
      canvas.put(isUnicode ? "┼" : "+", row: row, column: start - 2, .dim)
    }
    for start in layout.locationStarts { canvas.put("where", row: 0, column: start, .bold) }
  }

  /// The step's number and the separators of its row.
  private func putFrame(
    _ canvas: inout TextCanvas, _ layout: LaneLayout, _ row: Int, _ step: Int, _ starts: [Int]
  ) {
    let number = String(step)
    let column = layout.numberColumns - 2 - number.count
    canvas.put(number, row: row, column: column, .dim)
    let separator = layout.options.repertoire == .unicode ? "│" : "|"
    for start in starts + layout.locationStarts {
      canvas.put(separator, row: row, column: start - 2, .dim)
    }
  }

  private func putStep(
    _ canvas: inout TextCanvas, _ layout: LaneLayout, _ step: LaneRow, _ row: Int, at start: Int,
    _ columns: Int
  ) {
    let style: TextStyle =
      switch step.mark {
      case .violation: .alarm
      case .cause, .notice: .accent
      case nil: .normal
      }
    if let mark = step.mark {
      canvas.put(mark.sign(layout.options.repertoire), row: row, column: start, style)
    }
    // Marks stand in a column of their own, so no text is long enough to push one out.
    let indent = layout.markColumns[step.lane]
    let text = step.fitted(columns - indent, layout.options.repertoire)
    canvas.put(text, row: row, column: start + indent, style)
    for start in layout.locationStarts {
      let location = DisplayText(step.location, layout.options.repertoire)
      let shown = location.shortenedAtStart(to: layout.locationColumns).string
      canvas.put(shown, row: row, column: start, .dim)
    }
  }
}
