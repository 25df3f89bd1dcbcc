/// What stands to the left of a block: `first` before its first line, `rest` before the others.
struct Margin {
  var first = ""
  var rest = ""

  /// The margin of ordinary text.
  static let body = Margin(first: "  ", rest: "  ")

  static func text(_ text: String) -> Margin { Margin(first: text, rest: text) }

  var columns: Int { rest.columns }

  /// This margin with more to its right.
  func adding(_ text: String) -> Margin { Margin(first: first + text, rest: rest + text) }
}

extension TerminalRenderer {
  /// Ends the paragraph above with an empty line, once.
  mutating func gap() {
    let empty = margin.rest.drop(while: \.isWhitespace).isEmpty ? "" : trimmed(margin.rest)
    guard let last = lines.last, last != empty, !last.isEmpty else { return }
    lines.append(empty)
  }

  /// Appends running text, wrapped.
  mutating func emit(_ spans: [TerminalSpan]) {
    let breaker = LineBreaker(width: width - margin.columns)
    for line in breaker.lines(of: spans) {
      lines.append(trimmed(margin.first + line.map(style.show).joined()))
      margin.first = margin.rest
    }
  }

  /// Appends lines that must stay as they are: the indentation gives way before a line is cut.
  mutating func emit(preformatted text: String, look: TerminalSpan.Look) {
    var rows = text.lines
    if rows.last?.isEmpty == true { rows.removeLast() }
    let widest = rows.map { $0.columns }.max() ?? 0
    let indented = margin.rest + "  "
    var prefix = indented
    if indented.columns + widest > width {
      prefix = String(repeating: " ", count: max(0, min(2, width - widest)))
    }
    for row in rows {
      lines.append(trimmed(prefix + style.show(TerminalSpan(text: String(row), look: look))))
    }
    margin.first = margin.rest
  }

  mutating func nest(_ extra: Margin, _ blocks: [Block]) {
    let outside = margin
    margin = Margin(first: margin.first + extra.first, rest: margin.rest + extra.rest)
    render(blocks)
    margin = outside
  }

  mutating func render(_ list: Block.List) {
    let outside = margin
    for (index, item) in list.items.enumerated() {
      if index > 0, !list.isTight { gap() }
      let bullet = list.start.map { "\($0 + index). " } ?? "• "
      let indent = String(repeating: " ", count: bullet.columns)
      margin = Margin(first: outside.rest + bullet, rest: outside.rest + indent)
      for (position, block) in item.enumerated() {
        if position > 0 { gap() }
        render([block], isFirst: position == 0)
      }
    }
    margin = outside
  }

  private mutating func render(_ blocks: [Block], isFirst: Bool) {
    guard isFirst, case .paragraph(let content)? = blocks.first?.kind else {
      return render(blocks)
    }
    emit(spans(content))
  }

  /// The spans of running text; external links are numbered unless the terminal follows them.
  mutating func spans(
    _ content: [Inline], look: TerminalSpan.Look = .plain, link: String? = nil
  ) -> [TerminalSpan] {
    var spans: [TerminalSpan] = []
    for inline in content {
      switch inline {
      case .text(let text): spans.append(TerminalSpan(text: text, look: look, link: link))
      case .code(let text):
        let shown = style.hasColours ? text : "`\(text)`"
        let code = look == .plain ? TerminalSpan.Look.code : look
        spans.append(TerminalSpan(text: shown, look: code, link: link))
      case .softBreak: spans.append(TerminalSpan(text: " ", look: look, link: link))
      case .lineBreak: spans.append(TerminalSpan(text: "\n"))
      case .emphasis(let inner):
        let shown = self.spans(inner, look: .emphasis, link: link)
        let mark = TerminalSpan(text: "_", look: look, link: link)
        spans += style.hasColours ? shown : [mark] + shown + [mark]
      case .strong(let inner): spans += self.spans(inner, look: .bold, link: link)
      case .link(let destination, let inner, _), .image(let destination, let inner, _):
        spans += self.spans(link: destination, inner, look: look)
      case .html(let text, _): spans.append(TerminalSpan(text: text, look: look, link: link))
      }
    }
    return spans
  }

  private mutating func spans(
    link destination: String, _ content: [Inline], look: TerminalSpan.Look
  ) -> [TerminalSpan] {
    let isExternal = destination.hasPrefix("https://") || destination.hasPrefix("http://")
    guard isExternal else { return spans(content, look: look) }
    var result = spans(content, look: look, link: destination)
    if !style.hasHyperlinks, content.plainText != destination {
      let number = links.firstIndex(of: destination) ?? links.count
      if number == links.count { links.append(destination) }
      result.append(TerminalSpan(text: "[\(number + 1)]", look: .dim))
    }
    return result
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
