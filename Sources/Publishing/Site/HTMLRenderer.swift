/// Writes blocks as HTML; no text reaches the page unescaped.
struct HTMLRenderer {
  var html = HTML()
  var links: LinkResolver

  /// Drawings by the name of their run; a diagram without one is shown as text.
  var drawings: [String: String] = [:]

  /// What belongs before every heading level, so that a nested text fits under its place.
  var headingOffset = 0

  mutating func render(_ blocks: [Block]) {
    for block in blocks { render(block) }
  }

  mutating func render(_ block: Block) {
    switch block.kind {
    case .heading(let heading): render(heading)
    case .paragraph(let content):
      html.raw("<p>")
      render(content)
      html.raw("</p>\n")
    case .list(let list): render(list)
    case .quote(let blocks): wrap("blockquote", blocks)
    case .rule: html.raw("<hr>\n")
    case .listing(let language, let text):
      render(listing: text, language: language, origin: block.origin)
    case .output(let kind, let text): render(output: text, kind, origin: block.origin)
    case .table(let table): render(table)
    case .note(let title, let blocks):
      html.raw("<div class=\"note\" role=\"note\" aria-label=\"\(HTML.attribute(title))\">\n")
      html.block("p class=\"block-title\"", title)
      render(blocks)
      html.raw("</div>\n")
    case .predict(let blocks):
      html.raw("<div class=\"predict\" role=\"note\" aria-label=\"Prediction\">\n")
      html.raw("<p class=\"block-title\">Predict first</p>\n")
      render(blocks)
      html.raw("</div>\n")
    case .reveal(let title, let blocks):
      html.raw("<details class=\"reveal\"><summary>")
      html.escaped(title)
      html.raw("</summary>\n<div class=\"reveal-body\">\n")
      render(blocks)
      html.raw("</div></details>\n")
    case .quiz(let quiz): render(quiz)
    case .sources(let list): render(sources: list)
    case .html(let text):
      html.raw("<p>")
      html.escaped(text)
      html.raw("</p>\n")
    }
  }

  private mutating func render(_ heading: Block.Heading) {
    let level = min(heading.level + headingOffset, 6)
    let id = HTML.attribute(heading.id)
    html.raw("<h\(level) id=\"\(id)\">")
    render(heading.content)
    let label = HTML.attribute("Link to “\(heading.content.plainText)”")
    html.raw("&#160;<a class=\"self\" href=\"#\(id)\" aria-label=\"\(label)\">#</a></h\(level)>\n")
  }

  private mutating func render(_ list: Block.List) {
    let tag = list.start == nil ? "ul" : "ol"
    let start = list.start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
    html.raw("<\(tag)\(start)>\n")
    for item in list.items {
      html.raw("<li>")
      render(item, isTight: list.isTight)
      html.raw("</li>\n")
    }
    html.raw("</\(tag)>\n")
  }

  private mutating func render(sources list: Block.List) {
    html.raw("<ol class=\"sources\">\n")
    for (index, item) in list.items.enumerated() {
      html.raw("<li id=\"source-\(index + 1)\">")
      render(item, isTight: true)
      html.raw("</li>\n")
    }
    html.raw("</ol>\n")
  }

  private mutating func render(_ blocks: [Block], isTight: Bool) {
    for block in blocks {
      if isTight, case .paragraph(let content) = block.kind {
        render(content)
      } else {
        render(block)
      }
    }
  }

  private mutating func wrap(_ tag: String, _ blocks: [Block]) {
    html.raw("<\(tag)>\n")
    render(blocks)
    html.raw("</\(tag)>\n")
  }

  mutating func render(_ content: [Inline]) {
    for inline in content {
      switch inline {
      case .text(let text): html.escaped(text)
      case .code(let text): render(code: text)
      case .softBreak: html.raw("\n")
      case .lineBreak: html.raw("<br>\n")
      case .emphasis(let content):
        html.raw("<em>")
        render(content)
        html.raw("</em>")
      case .strong(let content):
        html.raw("<strong>")
        render(content)
        html.raw("</strong>")
      case .link(let destination, let content, let line):
        render(link: destination, content, line: line)
      case .image(let destination, let content, let line):
        render(image: destination, content, line: line)
      case .html(let text, _): html.escaped(text)
      }
    }
  }

  /// Code in running text: a path may break behind its slashes, a name behind its colons.
  private mutating func render(code: String) {
    html.raw("<code>")
    var rest = code[...]
    while let end = rest.firstIndex(where: { $0 == "/" || $0 == ":" }) {
      html.escaped(rest[...end])
      rest = rest[rest.index(after: end)...]
      if rest.first?.isLetter == true { html.raw("<wbr>") }
    }
    html.escaped(rest)
    html.raw("</code>")
  }

  private mutating func render(link destination: String, _ content: [Inline], line: Int) {
    switch links.resolve(destination, line: line) {
    case .elsewhere(let target), .here(let target):
      // A bare address need not be printed twice on paper.
      let kind = content.plainText == target ? " class=\"bare\"" : ""
      html.raw("<a\(kind) href=\"\(HTML.attribute(target))\">")
      render(content)
      html.raw("</a>")
    case .none: render(content)
    }
  }

  /// Images are linked, never fetched: the site needs no network and ships drawings inline.
  private mutating func render(image destination: String, _ content: [Inline], line: Int) {
    render(link: destination, content, line: line)
  }
}
