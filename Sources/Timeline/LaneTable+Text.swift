extension LaneTable {
  /// Draws the table for a terminal; no line is wider than `options.columns`.
  public func text(_ options: TextOptions = .plain) -> String {
    let layout = LaneLayout(self, options)
    return layout.isStacked ? stacked(layout) : sideBySide(layout)
  }

  private func sideBySide(_ layout: LaneLayout) -> String {
    var canvas = TextCanvas(layout.options)
    for (lane, title) in lanes.enumerated() {
      let shown = layout.fit(title, layout.laneColumns[lane])
      canvas.put(shown, row: 0, column: layout.laneStart(lane), .bold)
    }
    finishHeader(&canvas, layout, starts: lanes.indices.dropFirst().map(layout.laneStart))
    for (index, step) in rows.enumerated() {
      let row = canvas.addRow()
      putFrame(&canvas, layout, row, index, lanes.indices.dropFirst().map(layout.laneStart))
      putStep(
        &canvas, layout, step, row, at: layout.laneStart(step.lane), layout.laneColumns[step.lane])
    }
    return canvas.string()
  }

  private func stacked(_ layout: LaneLayout) -> String {
    var canvas = TextCanvas(layout.options)
    let start = layout.numberColumns + layout.titleColumns + 3
    canvas.put("lane", row: 0, column: layout.numberColumns, .bold)
    canvas.put("step", row: 0, column: start, .bold)
    finishHeader(&canvas, layout, starts: [start])
    for (index, step) in rows.enumerated() {
      let row = canvas.addRow()
      putFrame(&canvas, layout, row, index, [start])
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
    _ canvas: inout TextCanvas, _ layout: LaneLayout, _ row: Int, _ index: Int, _ starts: [Int]
  ) {
    let number = String(index + 1)
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
    let indent = layout.markColumns
    canvas.put(layout.fit(step.text, columns - indent), row: row, column: start + indent, style)
    for start in layout.locationStarts {
      let location = DisplayText(step.location, layout.options.repertoire)
      let shown = location.shortenedAtStart(to: layout.locationColumns).string
      canvas.put(shown, row: row, column: start, .dim)
    }
  }
}

/// How many columns each part of a lane table gets.
struct LaneLayout {
  let options: TextOptions
  let numberColumns: Int
  let markColumns: Int
  let locationColumns: Int
  let titleColumns: Int
  let laneColumns: [Int]
  let isStacked: Bool

  init(_ table: LaneTable, _ options: TextOptions) {
    self.options = options
    let repertoire = options.repertoire
    func width(_ text: String) -> Int { DisplayText(text, repertoire).columns }
    numberColumns = String(max(table.rows.count, 1)).count + 3
    markColumns = table.rows.contains { $0.mark != nil } ? 2 : 0

    let locations = table.rows.map { width($0.location) }.max() ?? 0
    let locationMax = min(Limits.locationColumnsMax, options.columns / 3)
    locationColumns = locations == 0 ? 0 : min(max(locations, "where".count), locationMax)
    let locationAndGap = locationColumns == 0 ? 0 : locationColumns + 3

    let rest = options.columns - numberColumns - locationAndGap
    let room = rest - 3 * max(table.lanes.count - 1, 0)
    let indent = markColumns
    var wanted = table.lanes.map { max(width($0), indent + 1) }
    for row in table.rows { wanted[row.lane] = max(wanted[row.lane], indent + width(row.text)) }
    isStacked = table.lanes.count > 1 && room / table.lanes.count < Limits.laneColumnsMin
    laneColumns = Self.share(max(room, 0), among: wanted)
    titleColumns = min(max(table.lanes.map(width).max() ?? 0, "lane".count), rest / 4)
    let stackedMax = rest - titleColumns - 3
    stackedColumns = min(max(wanted.max() ?? 0, "step".count), stackedMax)
  }

  /// Columns of the one shared column of steps when lanes stand one below another.
  let stackedColumns: Int

  /// Where the text of a lane begins.
  func laneStart(_ lane: Int) -> Int {
    numberColumns + laneColumns.prefix(lane).reduce(0) { $0 + $1 + 3 }
  }

  /// Where the locations begin: one column, or none if no step has a location.
  var locationStarts: [Int] {
    locationColumns == 0 ? [] : [width - locationColumns]
  }

  /// Columns of the whole table.
  var width: Int {
    let steps =
      isStacked
      ? titleColumns + 3 + stackedColumns
      : laneColumns.reduce(0, +) + 3 * max(laneColumns.count - 1, 0)
    return numberColumns + steps + (locationColumns == 0 ? 0 : locationColumns + 3)
  }

  func fit(_ text: String, _ columns: Int) -> String {
    DisplayText(text, options.repertoire).shortened(to: columns).string
  }

  /// Gives every lane what it wants; if that is too much, the widest lanes give up columns first.
  static func share(_ room: Int, among wanted: [Int]) -> [Int] {
    var granted = wanted.map { _ in 0 }
    var left = room
    var open = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    while let smallest = open.first {
      let grant = min(wanted[smallest], left / open.count)
      granted[smallest] = grant
      left -= grant
      open.removeFirst()
    }
    return granted
  }
}
