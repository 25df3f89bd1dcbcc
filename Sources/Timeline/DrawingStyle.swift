/// The style sheet and the frame that all SVG drawings share.
///
/// Ink is `currentColor`, so a drawing follows the page's theme; two accents have custom properties
/// a page may set. No meaning rests on an accent alone: windows are hatched, waits are dashed and
/// violations carry a sign.
enum DrawingStyle {
  /// The size of the monospaced font, and how wide one column of it is drawn at most.
  static let fontSize = 12.0
  static let columnWidth = 7.25

  static func begin(
    _ writer: inout SVGWriter, _ options: SVGOptions, width: Double, height: Double,
    title: String, description: String
  ) {
    let size = "0 0 \(SVGWriter.number(width)) \(SVGWriter.number(height))"
    writer.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "id": options.prefix, "class": "fl-drawing",
        "viewBox": size, "width": SVGWriter.number(width), "height": SVGWriter.number(height),
        "role": "img", "aria-labelledby": "\(options.prefix)-title \(options.prefix)-desc",
      ])
    writer.element("title", ["id": options.prefix + "-title"], content: title)
    writer.element("desc", ["id": options.prefix + "-desc"], content: description)
    writer.style(sheet(options))
    if options.isStandalone {
      writer.element("rect", ["class": "paper", "width": "100%", "height": "100%"])
    }
    definitions(&writer, options)
  }

  private static func sheet(_ options: SVGOptions) -> String {
    let id = "#\(options.prefix)"
    let family = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"
    var rules = [
      "\(id){max-width:100%;height:auto;font:\(SVGWriter.number(fontSize))px \(family)}",
      "\(id) text{fill:currentColor;white-space:pre}",
      "\(id) .strong{font-weight:bold}",
      "\(id) .faint{opacity:.7}",
      "\(id) .line{stroke:currentColor;stroke-opacity:.25;fill:none}",
      "\(id) .work{fill:currentColor;fill-opacity:.12;stroke:currentColor}",
      "\(id) .wait{fill:none;stroke:currentColor;stroke-dasharray:3 3}",
      "\(id) .window{fill:url(\(id)-hatch);stroke:var(--fl-window,#b8651b);stroke-width:1.5}",
      "\(id) .hatch{stroke:var(--fl-window,#b8651b);stroke-width:2;stroke-opacity:.45}",
      "\(id) .halo{paint-order:stroke;stroke:var(--fl-paper,transparent);stroke-width:4}",
      "\(id) .point{fill:currentColor}",
      "\(id) .arrow{fill:none;stroke:currentColor;stroke-opacity:.75}",
      "\(id) .violation{stroke:var(--fl-violation,#d1383d);stroke-width:2.5}",
      "\(id) text.violation{stroke:var(--fl-paper,transparent);font-weight:bold}",
    ]
    if options.isStandalone {
      rules += [
        "\(id){color:#1f2328;--fl-paper:#ffffff}", "\(id) .paper{fill:var(--fl-paper)}",
        "@media (prefers-color-scheme:dark){\(id){color:#e6edf3;--fl-paper:#0d1117}}",
      ]
    }
    return rules.joined(separator: "\n")
  }

  private static func definitions(_ writer: inout SVGWriter, _ options: SVGOptions) {
    writer.open("defs")
    writer.open(
      "pattern",
      [
        "id": options.prefix + "-hatch", "width": "6", "height": "6",
        "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)",
      ])
    writer.element("path", ["class": "hatch", "d": "M0 0V6"])
    writer.close()
    writer.open(
      "marker",
      [
        "id": options.prefix + "-head", "viewBox": "0 0 8 8", "refX": "7", "refY": "4",
        "markerWidth": "7", "markerHeight": "7", "orient": "auto-start-reverse",
      ])
    writer.element("path", ["d": "M0 0L8 4L0 8z", "fill": "currentColor"])
    writer.close()
    writer.close()
  }
}
