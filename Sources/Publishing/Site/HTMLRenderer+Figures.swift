/// Listings, output, tables and quizzes.
extension HTMLRenderer {
  mutating func render(listing text: String, language: String, origin: Block.Origin?) {
    html.raw("<figure class=\"listing\">\n")
    var label = "Listing in \(language)"
    if case .file(let path, _)? = origin {
      label = "Listing from \(path)"
      html.raw("<figcaption><a href=\"\(HTML.attribute(links.source(path)))\">")
      html.escaped(path)
      html.raw("</a></figcaption>\n")
    }
    preformatted(text, label: label, kind: "language-\(language)")
    html.raw("</figure>\n")
  }

  mutating func render(output text: String, _ kind: Block.OutputKind, origin: Block.Origin?) {
    html.raw("<figure class=\"output \(kind.rawValue)\">\n")
    var name = ""
    if case .run(_, let run)? = origin { name = run }
    if !name.isEmpty {
      html.raw("<figcaption>")
      html.escaped(kind.caption)
      html.raw(" <code>")
      html.escaped(name)
      html.raw("</code></figcaption>\n")
    }
    if kind == .diagram, let drawing = drawings[name] {
      html.raw("<div class=\"drawing\" tabindex=\"0\" role=\"group\" ")
      html.raw("aria-label=\"\(HTML.attribute("\(kind.caption) \(name)"))\">\n\(drawing)\n</div>\n")
      html.raw("<details class=\"as-text\"><summary>As text</summary>\n")
      preformatted(text, label: "\(kind.caption) \(name) as text", kind: "output")
      html.raw("</details>\n")
    } else if kind == .schedule, let schedule = WovenSchedule(text) {
      render(schedule, label: "\(kind.caption) \(name)")
    } else {
      preformatted(text, label: "\(kind.caption) \(name)", kind: "output")
    }
    html.raw("</figure>\n")
  }

  mutating func preformatted(_ text: String, label: String, kind: String) {
    let label = HTML.attribute(label)
    html.raw("<pre class=\"\(HTML.attribute(kind))\" tabindex=\"0\" role=\"group\" ")
    html.raw("aria-label=\"\(label)\"><code>")
    html.escaped(text)
    html.raw("</code></pre>\n")
  }

  mutating func render(_ table: Table) {
    let label = HTML.attribute(
      table.caption ?? table.header.map(\.plainText).joined(separator: ", "))
    html.raw(
      "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"\(label)\"><table>\n")
    if let caption = table.caption { html.block("caption", caption) }
    html.raw("<thead><tr>")
    for cell in table.header { self.cell("th scope=\"col\"", cell) }
    html.raw("</tr></thead>\n<tbody>\n")
    for row in table.rows {
      html.raw("<tr>")
      for (index, cell) in row.enumerated() {
        self.cell(index == 0 ? "th scope=\"row\"" : "td", cell)
      }
      html.raw("</tr>\n")
    }
    html.raw("</tbody></table></div>\n")
  }

  private mutating func cell(_ tag: String, _ content: [Inline]) {
    html.raw("<\(tag)>")
    render(content)
    html.raw("</\(tag.prefix(2))>")
  }

  /// A quiz needs no script: each option is a disclosure, and opening it is the answer.
  mutating func render(_ quiz: Quiz) {
    let id = HTML.attribute(quiz.id)
    html.raw(
      "<section class=\"quiz\" role=\"group\" id=\"\(id)\" aria-labelledby=\"\(id)-title\">\n")
    html.raw("<p class=\"block-title\" id=\"\(id)-title\">Question · \(quiz.kind.label)</p>\n")
    render(quiz.question)
    html.raw("<div class=\"options\">\n")
    for option in quiz.options {
      html.raw("<details name=\"\(id)\" class=\"\(option.isRight ? "right" : "wrong")\"><summary>")
      render(option.text)
      html.raw("</summary><p><strong>\(option.isRight ? "Right." : "No.")</strong> ")
      render(option.feedback)
      html.raw("</p></details>\n")
    }
    html.raw("<details name=\"\(id)\" class=\"unsure\"><summary>I don’t know</summary><p>")
    if let answer = quiz.options.first(where: \.isRight) {
      html.raw("<strong>The answer:</strong> ")
      render(answer.text)
      html.raw(". ")
      render(answer.feedback)
    }
    html.raw("</p></details>\n</div>\n</section>\n")
  }
}

extension Quiz.Kind {
  /// What the reader is asked for, in a word or two.
  var label: String {
    switch self {
    case .recall: "recall"
    case .trace: "trace it"
    case .why: "why?"
    }
  }
}

extension Block.OutputKind {
  /// What stands before the name of the run.
  var caption: String {
    switch self {
    case .schedule: "Schedule"
    case .console: "Console"
    case .table: "Table"
    case .diagram: "Diagram"
    }
  }
}
