extension TimeChart {
  /// Draws the chart and the log of its events for a terminal.
  ///
  /// A span carries its label if it has room for it; all events carry their number in the log.
  public func text(_ options: TextOptions = .plain) -> String {
    var canvas = TextCanvas(options)
    let scale = TextScale(self, options)
    canvas.put(timeline.title, row: canvas.addRow(), column: 0, .bold)
    putAxis(&canvas, scale)
    for track in timeline.tracks.indices {
      putTrack(&canvas, scale, Timeline.Track.ID(index: track))
    }
    if !drawn.isEmpty { _ = canvas.addRow() }
    putLog(&canvas, options)
    return canvas.string()
  }

  private func putAxis(_ canvas: inout TextCanvas, _ scale: TextScale) {
    let row = canvas.addRow()
    let isUnicode = canvas.options.repertoire == .unicode
    let labelColumns = timeline.format(end).count + 3
    for tick in ticks(atMost: max(scale.columns / labelColumns, 1)) {
      let text = (isUnicode ? "┊" : "|") + timeline.format(tick)
      guard scale.column(tick) + text.count <= canvas.options.columns else { continue }
      canvas.put(text, row: row, column: scale.column(tick), .dim)
    }
  }

  private func putTrack(
    _ canvas: inout TextCanvas, _ scale: TextScale, _ track: Timeline.Track.ID
  ) {
    let first = canvas.addRow()
    let name = DisplayText(timeline[track].name, canvas.options.repertoire)
    canvas.put(name.shortened(to: scale.start - 2).string, row: first, column: 0, .bold)
    var packing = RowPacking()
    for (index, id) in drawn.enumerated() where timeline[id].track == track {
      let glyph = TextGlyph(self, scale, number: index + 1, canvas.options.repertoire)
      let row = first + packing.row(for: glyph.column, glyph.column + glyph.columns - 1)
      canvas.put(glyph.text, row: row, column: glyph.column, glyph.style)
    }
  }

  private func putLog(_ canvas: inout TextCanvas, _ options: TextOptions) {
    let sentences = drawn.indices.map { sentence($0 + 1) }
    func width(_ text: String) -> Int { DisplayText(text, options.repertoire).columns }
    let numberColumns = String(drawn.count).count
    let timeColumns = sentences.map { width($0.time) }.max() ?? 0
    let trackColumns = min(
      sentences.map { width($0.track) }.max() ?? 0, Limits.trackNameColumnsMax)
    for (index, sentence) in sentences.enumerated() {
      let row = canvas.addRow()
      let event = timeline[drawn[index]]
      let number = String(index + 1)
      canvas.put(number, row: row, column: numberColumns - number.count + 1, .dim)
      let timeEnd = numberColumns + 3 + timeColumns
      canvas.put(sentence.time, row: row, column: timeEnd - width(sentence.time), .dim)
      let track = DisplayText(sentence.track, options.repertoire).shortened(to: trackColumns)
      canvas.put(track.string, row: row, column: timeEnd + 2)
      let sign = event.mark.map { $0.sign(options.repertoire) } ?? " "
      let style: TextStyle = event.mark == .violation ? .alarm : .normal
      canvas.put(sign, row: row, column: timeEnd + trackColumns + 4, style)
      canvas.put(sentence.text, row: row, column: timeEnd + trackColumns + 6, style)
    }
    if leftOut > 0 {
      canvas.put("and \(leftOut) more events", row: canvas.addRow(), column: 1, .dim)
    }
  }
}

/// Where a time stands on a terminal line.
struct TextScale {
  /// The column of time zero.
  let start: Int
  /// The columns from time zero to the last time.
  let columns: Int
  private let end: UInt64

  init(_ chart: TimeChart, _ options: TextOptions) {
    let names = chart.timeline.tracks.map { DisplayText($0.name, options.repertoire).columns }
    start = min(names.max() ?? 0, Limits.trackNameColumnsMax) + 2
    columns = options.columns - start
    end = chart.end
  }

  func column(_ time: UInt64) -> Int {
    let (product, overflow) = min(time, end).multipliedReportingOverflow(by: UInt64(columns - 1))
    return start + Int(overflow ? min(time, end) / (end / UInt64(columns - 1)) : product / end)
  }
}

/// One event as it stands on its track's line: `├3 label──┤`, `├3┤`, `│3` or `•3`.
struct TextGlyph {
  let text: String
  let column: Int
  let style: TextStyle
  let columns: Int

  init(_ chart: TimeChart, _ scale: TextScale, number: Int, _ repertoire: Repertoire) {
    let event = chart.timeline[chart.drawn[number - 1]]
    let first = scale.column(event.start)
    let last = max(scale.column(event.end ?? chart.end), first)
    let sign = event.mark?.sign(repertoire) ?? ""
    let pen = Pen(event, repertoire)
    let name = "\(number)\(sign)"
    let label = DisplayText(event.label, repertoire)
    let interior = last - first - 1
    if event.kind == .instant {
      text = (sign.isEmpty ? pen.point : sign) + "\(number)"
    } else if interior < name.count {
      text = pen.edge + name
    } else {
      let full = "\(name) \(label.string)"
      let fullColumns = name.count + 1 + label.columns
      let shown = fullColumns <= interior ? full : name
      let filled = fullColumns <= interior ? fullColumns : name.count
      text = pen.left + shown + String(repeating: pen.line, count: interior - filled) + pen.right
    }
    columns = DisplayText(text, repertoire).columns
    column = max(scale.start, min(first, scale.start + scale.columns - columns))
    style =
      switch (event.mark, event.kind) {
      case (.violation, _): .alarm
      case (_, .window): .accent
      case (_, .wait): .dim
      default: .normal
      }
  }

  /// The characters a span is drawn with; each kind differs in them, not in colour alone.
  private struct Pen {
    let left, line, right, edge, point: String

    init(_ event: Timeline.Event, _ repertoire: Repertoire) {
      let isUnicode = repertoire == .unicode
      switch event.kind {
      case .instant, .work:
        (left, line, edge) = isUnicode ? ("├", "─", "│") : ("[", "-", "|")
      case .wait:
        (left, line, edge) = isUnicode ? ("├", "┄", "┆") : ("[", ".", ":")
      case .window:
        (left, line, edge) = isUnicode ? ("╞", "═", "║") : ("[", "=", "#")
      }
      let closing = isUnicode ? (event.kind == .window ? "╡" : "┤") : "]"
      right = event.end == nil ? ">" : closing
      point = isUnicode ? "•" : "*"
    }
  }
}
