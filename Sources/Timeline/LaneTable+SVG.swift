extension LaneTable {
  /// Draws the table as one SVG element that follows the theme of the page around it.
  ///
  /// - Parameters:
  ///   - title: What the schedule shows; a heading, and the drawing's name for screen readers.
  ///   - caption: One sentence below the table.
  public func svg(_ options: SVGOptions, title: String, caption: String = "") -> String {
    let drawing = LaneDrawing(self, title: title, caption: caption)
    var writer = SVGWriter()
    DrawingStyle.begin(
      &writer, options, width: drawing.width, height: drawing.height, title: title,
      description: description(caption))
    drawing.draw(&writer)
    writer.close()
    return writer.string()
  }

  /// The steps as sentences, for readers who cannot see the drawing.
  private func description(_ caption: String) -> String {
    let sentences = rows.enumerated().map { index, row in
      let mark = row.mark.map { " (\($0.word))" } ?? ""
      return "\(row.number ?? index + 1): \(lanes[row.lane]): \(row.text)\(mark)."
    }
    return (sentences + (caption.isEmpty ? [] : [caption])).joined(separator: " ")
  }
}

/// Where everything of a drawn lane table stands: the columns of the text form, in pixels.
private struct LaneDrawing {
  private static let margin = 12.0
  private static let rowHeight = 22.0
  private static let headHeight = 58.0
  private static let columns = Limits.columnCountMax

  private let table: LaneTable
  private let layout: LaneLayout
  private let title: [String]
  private let caption: [String]

  init(_ table: LaneTable, title: String, caption: String) {
    self.table = table
    layout = LaneLayout(table, TextOptions(columns: Self.columns))
    self.title = Self.wrapped(title, Self.columns)
    self.caption = Self.wrapped(caption, Self.columns)
  }

  var width: Double {
    let texts = (title + caption).map { DisplayText($0).columns }.max() ?? 0
    return x(max(layout.width, texts)) + Self.margin
  }

  private var top: Double { Self.headHeight + Double(max(title.count, 1) - 1) * Self.rowHeight }
  private var bottom: Double { top + Double(table.rows.count) * Self.rowHeight }
  var height: Double {
    bottom + Self.margin + Double(caption.count) * Self.rowHeight
  }

  private func x(_ column: Int) -> Double {
    Self.margin + Double(column) * DrawingStyle.columnWidth
  }

  private func start(of lane: Int) -> Int {
    layout.isStacked
      ? layout.numberColumns + layout.titleColumns + 3 : layout.laneStart(lane)
  }

  private func columns(of lane: Int) -> Int {
    layout.isStacked ? layout.stackedColumns : layout.laneColumns[lane]
  }

  func draw(_ writer: inout SVGWriter) {
    for (index, line) in title.enumerated() {
      text(&writer, line, 0, Self.rowHeight * Double(index + 1) - 2, "strong")
    }
    drawHead(&writer)
    for (index, row) in table.rows.enumerated() {
      draw(&writer, row, number: row.number ?? index + 1, y: top + Double(index) * Self.rowHeight)
    }
    for (index, line) in caption.enumerated() {
      text(&writer, line, 0, bottom + Double(index + 1) * Self.rowHeight - 2, "")
    }
  }

  private func drawHead(_ writer: inout SVGWriter) {
    let y = top - 8
    if layout.isStacked {
      text(&writer, "lane", layout.numberColumns, y, "strong")
      text(&writer, "step", start(of: 0), y, "strong")
    } else {
      for (lane, title) in table.lanes.enumerated() {
        let shown = layout.fit(title, layout.laneColumns[lane])
        text(&writer, shown, start(of: lane), y, "strong", title: title)
      }
    }
    for start in layout.locationStarts { text(&writer, "where", start, y, "strong") }
    line(&writer, x(0), top, x(layout.width), top)
    var edges = layout.isStacked ? [start(of: 0)] : table.lanes.indices.map(start)
    edges += layout.locationStarts
    for edge in edges {
      let middle = x(edge) - 1.5 * DrawingStyle.columnWidth
      line(&writer, middle, top - Self.rowHeight, middle, bottom)
    }
  }

  private func draw(_ writer: inout SVGWriter, _ row: LaneRow, number: Int, y: Double) {
    let start = start(of: row.lane)
    let baseline = y + Self.rowHeight - 7
    let room = columns(of: row.lane)
    let indent = layout.markColumns[row.lane]
    if let mark = row.mark {
      writer.element(
        "rect",
        [
          "class": mark == .violation ? "work violation" : "work",
          "x": SVGWriter.number(x(start) - 4), "y": SVGWriter.number(y + 2),
          "width": SVGWriter.number(Double(room) * DrawingStyle.columnWidth + 8),
          "height": SVGWriter.number(Self.rowHeight - 4), "rx": "3",
        ], title: mark.word)
      text(&writer, mark.sign(), start, baseline, "strong")
    }
    text(&writer, String(number), 0, baseline, "faint")
    if layout.isStacked {
      text(
        &writer, layout.fit(table.lanes[row.lane], layout.titleColumns), layout.numberColumns,
        baseline, "")
    }
    text(
      &writer, row.fitted(room - indent), start + indent, baseline,
      row.mark == .violation ? "strong" : "", title: row.text)
    for start in layout.locationStarts {
      let shown = DisplayText(row.location).shortenedAtStart(to: layout.locationColumns).string
      text(&writer, shown, start, baseline, "faint")
    }
  }

  private func text(
    _ writer: inout SVGWriter, _ content: String, _ column: Int, _ y: Double, _ style: String,
    title: String = ""
  ) {
    guard !content.isEmpty else { return }
    writer.element(
      "text", ["class": style, "x": SVGWriter.number(x(column)), "y": SVGWriter.number(y)],
      content: content, title: title == content ? "" : title)
  }

  private func line(
    _ writer: inout SVGWriter, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
  ) {
    let n = [x1, y1, x2, y2].map(SVGWriter.number)
    writer.element("path", ["class": "line", "d": "M\(n[0]) \(n[1])L\(n[2]) \(n[3])"])
  }

  private static func wrapped(_ text: String, _ columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
