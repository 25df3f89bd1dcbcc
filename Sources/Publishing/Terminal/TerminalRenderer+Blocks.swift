/// Tables, quizzes and what stands at the end of a page.
extension TerminalRenderer {
  mutating func render(_ table: Table) {
    if let caption = table.caption { emit([TerminalSpan(text: caption, look: .dim)]) }
    let rows = ([table.header] + table.rows).map { row in row.map { spans($0) } }
    let widths = columnWidths(of: rows)
    for (index, row) in rows.enumerated() {
      emit(row: row, widths: widths, look: index == 0 ? .bold : nil)
      if index == 0 {
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        lines.append(margin.rest + style.show(TerminalSpan(text: rule, look: .dim)))
      }
    }
  }

  /// Natural widths if they fit; otherwise the widest columns give way first.
  private func columnWidths(of rows: [[[TerminalSpan]]]) -> [Int] {
    let count = rows.map(\.count).max() ?? 0
    var widths = Array(repeating: 1, count: count)
    for row in rows {
      for (column, cell) in row.enumerated() {
        widths[column] = max(widths[column], cell.reduce(0) { $0 + $1.text.columns })
      }
    }
    let available = width - margin.columns - 2 * max(0, count - 1)
    while widths.reduce(0, +) > available, let widest = widths.max(), widest > 8,
      let column = widths.firstIndex(of: widest)
    {
      widths[column] -= 1
    }
    return widths
  }

  private mutating func emit(
    row: [[TerminalSpan]], widths: [Int], look: TerminalSpan.Look?
  ) {
    let cells = row.enumerated().map { column, cell in
      let cell = cell.map { span in
        TerminalSpan(text: span.text, look: look ?? span.look, link: span.link)
      }
      return LineBreaker(width: widths[column]).lines(of: cell)
    }
    for line in 0..<(cells.map(\.count).max() ?? 0) {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let spans = line < cell.count ? cell[line] : []
        text += spans.map(style.show).joined()
        guard column + 1 < cells.count else { continue }
        let used = spans.reduce(0) { $0 + $1.text.columns }
        text += String(repeating: " ", count: max(0, widths[column] - used) + 2)
      }
      lines.append(margin.rest + text)
    }
  }

  mutating func render(_ quiz: Quiz) {
    quizzes.append(quiz)
    let outside = margin
    margin = margin.adding("┃ ")
    let title = "Question \(quizzes.count) · \(quiz.kind.label)"
    emit([TerminalSpan(text: title, look: .bold)])
    render(quiz.question)
    gap()
    for (index, option) in quiz.options.enumerated() {
      emit(letter(index), spans(option.text))
    }
    emit(letter(quiz.options.count), [TerminalSpan(text: "I don’t know.")])
    emit([TerminalSpan(text: "The answers stand at the end of the page.", look: .dim)])
    margin = outside
  }

  /// Appends what the page owes its reader, and returns the whole text.
  mutating func finish() -> String {
    margin = .body
    answers()
    if !links.isEmpty {
      heading("Links", level: 2)
      gap()
      for (index, link) in links.enumerated() {
        emit("[\(index + 1)] ", [TerminalSpan(text: link)])
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func answers() {
    guard !quizzes.isEmpty else { return }
    heading("Answers to the questions", level: 2)
    for (number, quiz) in quizzes.enumerated() {
      gap()
      emit([TerminalSpan(text: "Question \(number + 1)", look: .bold)])
      for (index, option) in quiz.options.enumerated() {
        let verdict = TerminalSpan(
          text: option.isRight ? "Right. " : "No. ", look: option.isRight ? .good : .bad)
        emit(letter(index), [verdict] + spans(option.feedback))
      }
    }
  }

  private func letter(_ index: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return "\(letters[index % letters.count])) "
  }

  /// Appends text that hangs behind a label.
  mutating func emit(_ label: String, _ spans: [TerminalSpan]) {
    let outside = margin
    let indent = String(repeating: " ", count: label.columns)
    margin = Margin(first: outside.rest + label, rest: outside.rest + indent)
    emit(spans)
    margin = outside
  }
}
