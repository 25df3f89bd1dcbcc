/// Shows pages in a terminal: prose wrapped by width, code never cut, no colour unless asked.
package struct TerminalRenderer {
  let style: TerminalStyle
  let width: Int

  /// Finished lines.
  var lines: [String] = []

  /// What stands before every line of the block in hand, with its width in columns.
  var margin = Margin()

  /// Links to list at the end, in the order of their numbers.
  var links: [String] = []

  /// Quizzes whose answers stand at the end.
  var quizzes: [Quiz] = []

  /// Creates a renderer for a terminal `width` columns wide, from 40 up.
  package init(style: TerminalStyle, width: Int = 80) {
    self.style = style
    self.width = max(40, width)
  }

  /// The lesson as terminal text.
  package static func render(
    _ lesson: Lesson, style: TerminalStyle, width: Int = 80
  ) -> String {
    var renderer = TerminalRenderer(style: style, width: width)
    renderer.title("\(lesson.number) · \(lesson.front.title)")
    renderer.margin = .body
    renderer.emit([TerminalSpan(text: lesson.facts, look: .dim)])
    renderer.render(lesson.blocks)
    if !lesson.presentsExercises {
      renderer.heading("Your turn", level: 2)
      for exercise in lesson.exercises {
        renderer.gap()
        let title = TerminalSpan(text: exercise.title, look: .bold)
        let path = TerminalSpan(text: "\n" + exercise.path, look: .dim)
        renderer.emit("\(exercise.number). ", [title, path])
      }
    }
    return renderer.finish()
  }

  /// The task and hints of an exercise; the files stay in the editor.
  package static func render(
    _ exercise: ExercisePage, hints: Int = 0, style: TerminalStyle, width: Int = 80
  ) -> String {
    var renderer = TerminalRenderer(style: style, width: width)
    renderer.title(exercise.title)
    renderer.margin = .body
    renderer.render(exercise.task)
    for hint in exercise.hints.prefix(hints) {
      renderer.heading(hint.title, level: 3)
      renderer.render(hint.content)
    }
    return renderer.finish()
  }

  /// A page of the documentation as terminal text.
  package static func render(
    _ document: Document, style: TerminalStyle, width: Int = 80
  ) -> String {
    var renderer = TerminalRenderer(style: style, width: width)
    renderer.title(document.title)
    renderer.margin = .body
    renderer.render(document.blocks)
    return renderer.finish()
  }

  mutating func render(_ blocks: [Block]) {
    for block in blocks {
      gap()
      render(block)
    }
  }

  private mutating func render(_ block: Block) {
    switch block.kind {
    case .heading(let heading): self.heading(heading.content.plainText, level: heading.level)
    case .paragraph(let content): emit(spans(content))
    case .list(let list): render(list)
    case .quote(let blocks): nest(.text("│ "), blocks)
    case .rule: emit([TerminalSpan(text: String(repeating: "─", count: 20), look: .dim)])
    case .listing(_, let text):
      if case .file(let path, _)? = block.origin {
        emit([TerminalSpan(text: path, look: .dim)])
      }
      emit(preformatted: text, look: .code)
    case .output(let kind, let text):
      if case .run(_, let name)? = block.origin {
        emit([TerminalSpan(text: "\(kind.caption) \(name)", look: .dim)])
      }
      emit(preformatted: text, look: .plain)
    case .table(let table): render(table)
    case .note(let title, let blocks): boxed(title, .bold, blocks)
    case .predict(let blocks): boxed("Predict first", .warm, blocks)
    case .reveal(let title, let blocks): reveal(title, blocks)
    case .quiz(let quiz): render(quiz)
    case .sources(let list): render(list)
    case .html(let text): emit([TerminalSpan(text: text)])
    }
  }

  private mutating func title(_ text: String) {
    emit([TerminalSpan(text: text, look: .heading)])
    let columns = min(text.columns, width)
    emit([TerminalSpan(text: String(repeating: "═", count: columns), look: .dim)])
  }

  mutating func heading(_ text: String, level: Int) {
    if level == 2, lines.last?.isEmpty == false { lines.append("") }
    if level == 2 { lines.append("") }
    let body = margin
    if level == 2 { margin = Margin() }
    emit([TerminalSpan(text: text, look: .heading)])
    if level == 2 {
      let columns = min(text.columns, width)
      emit([TerminalSpan(text: String(repeating: "─", count: columns), look: .dim)])
    }
    margin = body
  }

  private mutating func boxed(_ title: String, _ look: TerminalSpan.Look, _ blocks: [Block]) {
    let outside = margin
    margin = margin.adding("┃ ")
    emit([TerminalSpan(text: title, look: look)])
    render(blocks)
    margin = outside
  }

  private mutating func reveal(_ title: String, _ blocks: [Block]) {
    let words = "── Read on when you have an answer: \(title) "
    let fill = max(0, width - margin.columns - words.columns)
    emit([TerminalSpan(text: words + String(repeating: "─", count: fill), look: .warm)])
    render(blocks)
    gap()
    let rule = String(repeating: "─", count: width - margin.columns)
    emit([TerminalSpan(text: rule, look: .warm)])
  }
}
