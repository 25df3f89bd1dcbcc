/// Writes a lesson as a manual page, for `man -l` and for `groff -man`.
package struct ManRenderer {
  private var lines: [String] = []

  /// The lesson in the `man` macros, in ASCII.
  package static func render(_ lesson: Lesson) -> String {
    var renderer = ManRenderer()
    let name = quoted(lesson.id.uppercased())
    renderer.lines.append(".TH \(name) 7 \"\" Fencelab \(quoted(lesson.front.title))")
    renderer.lines.append(".SH NAME")
    renderer.lines.append("\(escaped(lesson.id)) \\- \(escaped(lesson.front.question))")
    renderer.render(lesson.blocks)
    return renderer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func render(_ blocks: [Block]) {
    for block in blocks { render(block) }
  }

  private mutating func render(_ block: Block) {
    switch block.kind {
    case .heading(let heading):
      let macro = heading.level <= 2 ? ".SH" : ".SS"
      lines.append("\(macro) \(Self.quoted(heading.content.plainText))")
    case .paragraph(let content):
      lines.append(".PP")
      text(content)
    case .list(let list), .sources(let list): render(list)
    case .quote(let blocks):
      lines.append(".RS 4")
      render(blocks)
      lines.append(".RE")
    case .note(let title, let blocks), .reveal(let title, let blocks): render(title, blocks)
    case .predict(let blocks): render("Predict first", blocks)
    case .listing(_, let text), .output(_, let text): verbatim(text)
    case .table, .quiz, .rule, .html:
      // What has no macro of its own looks as it does in a terminal.
      var renderer = TerminalRenderer(style: .plain, width: 72)
      renderer.render([block])
      verbatim(renderer.lines.joined(separator: "\n"))
    }
  }

  private mutating func render(_ title: String, _ blocks: [Block]) {
    lines.append(".PP\n\\fB\(Self.escaped(title))\\fP\n.RS 4")
    render(blocks)
    lines.append(".RE")
  }

  private mutating func render(_ list: Block.List) {
    for (index, item) in list.items.enumerated() {
      lines.append(list.start.map { ".IP \"\($0 + index).\" 4" } ?? ".IP \\(bu 3")
      for (position, block) in item.enumerated() {
        if position == 0, case .paragraph(let content) = block.kind {
          text(content)
        } else {
          lines.append(".RS")
          render(block)
          lines.append(".RE")
        }
      }
    }
  }

  private mutating func verbatim(_ text: String) {
    lines.append(".PP\n.in +2\n.nf")
    var rows = text.lines
    if rows.last?.isEmpty == true { rows.removeLast() }
    lines += rows.map { Self.line(Self.escaped($0)) }
    lines.append(".fi\n.in")
  }

  private mutating func text(_ content: [Inline]) {
    lines += Self.inline(content).lines.map { Self.line(String($0)) }
  }

  private static func inline(_ content: [Inline]) -> String {
    content.map { inline in
      switch inline {
      case .text(let text), .html(let text, _): escaped(text)
      case .code(let text): "\\fB\(escaped(text))\\fP"
      case .softBreak: "\n"
      case .lineBreak: "\n.br\n"
      case .emphasis(let content): "\\fI\(self.inline(content))\\fP"
      case .strong(let content): "\\fB\(self.inline(content))\\fP"
      case .link(let destination, let content, _), .image(let destination, let content, _):
        destination.hasPrefix("http") && content.plainText != destination
          ? "\(self.inline(content)) <\(escaped(destination))>" : self.inline(content)
      }
    }.joined()
  }

  /// A line of text must not be taken for a request, except the one that breaks lines.
  private static func line(_ text: String) -> String {
    text != ".br" && (text.hasPrefix(".") || text.hasPrefix("'")) ? "\\&" + text : text
  }

  private static func quoted(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }

  private static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case _ where scalar.value < 0x20: result += " "
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return result
  }
}
