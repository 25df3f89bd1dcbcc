extension TimeChart {
  /// Draws the chart as one SVG element that follows the theme of the page around it.
  public func svg(_ options: SVGOptions) -> String {
    let layout = ChartLayout(self)
    var writer = SVGWriter()
    DrawingStyle.begin(
      &writer, options, width: ChartLayout.width, height: layout.height, title: timeline.title,
      description: description)
    drawAxis(&writer, layout)
    for (index, track) in timeline.tracks.enumerated() { drawTrack(&writer, layout, index, track) }
    for flow in timeline.flows { drawFlow(&writer, layout, flow, options) }
    for item in layout.items { drawItem(&writer, item) }
    drawKey(&writer, layout)
    writer.close()
    return writer.string()
  }

  /// The log of the events as sentences, for readers who cannot see the drawing.
  private var description: String {
    let sentences = drawn.indices.map { index in
      let (time, track, text) = sentence(index + 1)
      return "\(index + 1): \(time), \(track), \(text)."
    }
    return (sentences + (leftOut == 0 ? [] : ["And \(leftOut) more events."])).joined(
      separator: " ")
  }

  private func drawAxis(_ writer: inout SVGWriter, _ layout: ChartLayout) {
    let y = SVGWriter.number(ChartLayout.axisHeight)
    for tick in ticks(atMost: 8) {
      let x = SVGWriter.number(layout.x(tick))
      let bottom = SVGWriter.number(layout.height - ChartLayout.keyHeight)
      writer.element("path", ["class": "line", "d": "M\(x) \(y)V\(bottom)"])
      guard layout.x(tick) + 60 <= ChartLayout.width else { continue }
      writer.element(
        "text", ["class": "faint", "x": x, "y": SVGWriter.number(ChartLayout.axisHeight - 6)],
        content: timeline.format(tick))
    }
  }

  private func drawTrack(
    _ writer: inout SVGWriter, _ layout: ChartLayout, _ index: Int, _ track: Timeline.Track
  ) {
    let top = layout.tops[index]
    let name = DisplayText(track.name)
    let y = SVGWriter.number(top)
    writer.element(
      "path", ["class": "line", "d": "M0 \(y)H\(SVGWriter.number(ChartLayout.width))"])
    writer.element(
      "text",
      ["class": "strong", "x": "4", "y": SVGWriter.number(top + ChartLayout.baseline)],
      content: name.shortened(to: Limits.trackNameColumnsMax).string,
      title: name.columns > Limits.trackNameColumnsMax ? track.name : "")
  }

  private func drawItem(_ writer: inout SVGWriter, _ item: ChartLayout.Item) {
    let event = timeline[item.event]
    let violation = event.mark == .violation ? " violation" : ""
    let (top, middle) = (item.top + 4, item.top + ChartLayout.rowHeight / 2)
    let title = "\(timeline.format(event.start)), \(timeline[event.track].name): \(event.label)"
    if event.kind == .instant {
      writer.element(
        "circle",
        [
          "class": "point" + violation, "cx": SVGWriter.number(item.start),
          "cy": SVGWriter.number(middle), "r": "4",
        ], title: title)
    } else {
      writer.element(
        "rect",
        [
          "class": "\(event.kind)\(violation)", "x": SVGWriter.number(item.start),
          "y": SVGWriter.number(top), "width": SVGWriter.number(item.end - item.start),
          "height": SVGWriter.number(ChartLayout.rowHeight - 8), "rx": "2",
        ], title: title)
    }
    writer.element(
      "text",
      [
        "class": (item.isLabelInside ? "label" : "halo") + violation,
        "x": SVGWriter.number(item.labelStart),
        "y": SVGWriter.number(item.top + ChartLayout.baseline),
      ], content: item.label)
  }

  /// A curve from the end of the source, or from where the target begins inside it.
  private func drawFlow(
    _ writer: inout SVGWriter, _ layout: ChartLayout, _ flow: Timeline.Flow, _ options: SVGOptions
  ) {
    guard let source = layout.items.first(where: { $0.event == flow.source }),
      let target = layout.items.first(where: { $0.event == flow.target })
    else { return }
    let fromX = min(source.end, max(source.start, target.start))
    let isDown = target.top > source.top
    let isLevel = target.top == source.top
    let half = ChartLayout.rowHeight / 2
    let fromY = source.top + half + (isLevel ? 0 : isDown ? half - 4 : 4 - half)
    let toY = target.top + half + (isLevel ? 0 : isDown ? 4 - half : half - 4)
    let bend = isLevel ? fromY - half : (fromY + toY) / 2
    let points = [fromX, fromY, fromX, bend, target.start, bend, target.start, toY]
    let n = points.map(SVGWriter.number)
    let path = "M\(n[0]) \(n[1])C\(n[2]) \(n[3]) \(n[4]) \(n[5]) \(n[6]) \(n[7])"
    writer.element(
      "path", ["class": "arrow", "d": path, "marker-end": "url(#\(options.prefix)-head)"],
      title: flow.label)
  }

  /// What the kinds of spans that occur look like, in words.
  private func drawKey(_ writer: inout SVGWriter, _ layout: ChartLayout) {
    let kinds = drawn.map { timeline[$0].kind }
    let words: [(Timeline.Event.Kind, String)] = [
      (.work, "did something"), (.wait, "waited"), (.window, "a promise does not hold yet"),
    ]
    var x = ChartLayout.chartStart
    let top = layout.height - ChartLayout.keyHeight + 10
    for (kind, text) in words where kinds.contains(kind) {
      writer.element(
        "rect",
        [
          "class": "\(kind)", "x": SVGWriter.number(x), "y": SVGWriter.number(top), "width": "24",
          "height": "12", "rx": "2",
        ])
      writer.element(
        "text",
        ["class": "faint", "x": SVGWriter.number(x + 30), "y": SVGWriter.number(top + 10.5)],
        content: text)
      x += 60 + Double(text.count) * DrawingStyle.columnWidth
    }
    guard leftOut > 0 else { return }
    writer.element(
      "text", ["class": "faint", "x": SVGWriter.number(x), "y": SVGWriter.number(top + 10.5)],
      content: "and \(leftOut) more events")
  }
}
