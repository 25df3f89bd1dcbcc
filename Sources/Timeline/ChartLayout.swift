/// Where everything of a time chart stands, in SVG's user units.
struct ChartLayout {
  static let width = 960.0
  static let axisHeight = 24.0
  static let rowHeight = 26.0
  static let keyHeight = 34.0
  static let baseline = 17.0
  static let chartStart = 4 + Double(Limits.trackNameColumnsMax) * DrawingStyle.columnWidth

  /// One event with its bar or point and its label.
  struct Item {
    let event: Timeline.Event.ID
    let start: Double
    let end: Double
    let label: String
    let labelStart: Double
    let isLabelInside: Bool
    /// The top of the row the event stands in.
    var top: Double

    /// The whole extent, bar and label.
    var left: Double { min(start, labelStart) }
    var right: Double
  }

  private(set) var items: [Item] = []
  /// The top of each track.
  private(set) var tops: [Double] = []
  /// The height of the drawing.
  private(set) var height = axisHeight
  private let end: UInt64

  init(_ chart: TimeChart) {
    end = chart.end
    for track in chart.timeline.tracks.indices {
      tops.append(height)
      var packing = RowPacking()
      for id in chart.drawn where chart.timeline[id].track.index == track {
        var item = place(id, chart)
        let row = packing.row(for: Int(item.left) - 4, Int(item.right) + 4)
        item.top = height + Double(row) * Self.rowHeight
        items.append(item)
      }
      height += Double(packing.rowCount) * Self.rowHeight
    }
    height += Self.keyHeight
  }

  /// Where a time stands.
  func x(_ time: UInt64) -> Double {
    Self.chartStart + (Self.width - Self.chartStart - 6) * Double(min(time, end)) / Double(end)
  }

  /// Puts the label into the bar, or behind it, or in front of it where the drawing ends.
  private func place(_ id: Timeline.Event.ID, _ chart: TimeChart) -> Item {
    let event = chart.timeline[id]
    let (start, until) = (x(event.start), x(event.end ?? chart.end))
    let end = event.kind == .instant ? start : max(until, start + 3)
    let sign = event.mark.map { $0.sign() + " " } ?? ""
    let text = sign + event.label + (event.end == nil ? " …" : "")
    let room = Self.width - Self.chartStart - 20
    let label = DisplayText(text).shortened(to: Int(room / DrawingStyle.columnWidth))
    let labelWidth = Double(label.columns) * DrawingStyle.columnWidth
    let isInside = event.kind != .instant && labelWidth + 8 <= end - start
    let behind = end + 7
    let inFront = max(start - 7 - labelWidth, Self.chartStart)
    let fitsBehind = behind + labelWidth <= Self.width
    let labelStart = isInside ? start + 5 : fitsBehind ? behind : inFront
    return Item(
      event: id, start: start, end: end, label: label.string, labelStart: labelStart,
      isLabelInside: isInside, top: 0, right: max(end, labelStart + labelWidth))
  }
}
