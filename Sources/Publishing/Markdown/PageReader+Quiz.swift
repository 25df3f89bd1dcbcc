/// Quiz blocks: the question, a blank line, then `- [x] option :: feedback` lines.
extension PageReader {
  mutating func quiz(_ info: InfoString, _ text: String, _ lines: ClosedRange<Int>) -> Quiz {
    check(info, lines, options: ["id", "kind"])
    let at = lines.lowerBound
    let id = info.options["id"]
    if id == nil {
      report(at, "the quiz has no id", repair: "write quiz id=NAME, unique in the lesson")
    }
    let kind = info.options["kind"].flatMap { Quiz.Kind(rawValue: $0) }
    if kind == nil {
      report(at, "the quiz does not say what it asks for", repair: "add kind=recall, trace or why")
    }
    let (question, options) = split(text, lines)
    if options.count < 2 {
      report(
        at, "the quiz has fewer than two options",
        repair: "write each as - [ ] text :: feedback")
    }
    if options.count(where: \.isRight) != 1 {
      report(
        at, "the quiz has \(options.count(where: \.isRight)) right options",
        repair: "mark exactly one with [x]")
    }
    return Quiz(id: id ?? "quiz-\(at)", kind: kind ?? .recall, question: question, options: options)
  }

  private mutating func split(
    _ text: String, _ lines: ClosedRange<Int>
  ) -> (question: [Block], options: [Quiz.Option]) {
    var question = ""
    var entries: [(line: Int, text: String)] = []
    for (index, line) in text.lines.enumerated() {
      if line.hasPrefix("- [") {
        entries.append((lines.lowerBound + 1 + index, String(line)))
      } else if entries.isEmpty {
        question += line + "\n"
      } else {
        entries[entries.count - 1].text += " " + line.drop(while: \.isWhitespace)
      }
    }
    let blocks = read(question, firstLine: lines.lowerBound + 1)
    var options: [Quiz.Option] = []
    for entry in entries {
      if let option = option(entry.text, line: entry.line) { options.append(option) }
    }
    return (blocks, options)
  }

  private mutating func option(_ text: String, line: Int) -> Quiz.Option? {
    let mark = text.dropFirst(3).first
    guard mark == "x" || mark == " ", text.dropFirst(4).hasPrefix("] ") else {
      report(
        line, "this is not a quiz option", repair: "begin it with '- [ ] ' or, if right, '- [x] '")
      return nil
    }
    let content = text.dropFirst(6)
    guard let divider = content.firstRange(of: " :: ") else {
      report(
        line, "the option has no feedback",
        repair: "append ' :: ' and say why the option is right or wrong")
      return Quiz.Option(
        text: readInline(String(content), line: line), feedback: [], isRight: mark == "x",
        line: line)
    }
    return Quiz.Option(
      text: readInline(String(content[..<divider.lowerBound]), line: line),
      feedback: readInline(String(content[divider.upperBound...]), line: line),
      isRight: mark == "x", line: line)
  }
}
