/// The kit's own blocks. Every one is a fenced block, so that any Markdown viewer shows its text.
extension PageReader {
  /// Words that may open a fenced block without being program text in that language.
  static let blockWords = [
    "schedule", "console", "table", "diagram", "note", "predict", "reveal", "quiz", "sources",
  ]

  /// Languages that a plain fenced block may name.
  static let languages = ["swift", "c", "sh", "text", "diff", "json", "litmus", "markdown"]

  mutating func fencedBlock(
    _ info: InfoString, text: String, lines: ClosedRange<Int>
  ) -> Block {
    let inner = lines.lowerBound + 1
    switch info.word {
    case "note":
      check(info, lines, title: true)
      let body = read(text, firstLine: inner)
      return Block(kind: .note(title: info.title ?? "Note", body), lines: lines)
    case "reveal":
      check(info, lines, title: true)
      let body = read(text, firstLine: inner)
      return Block(kind: .reveal(title: info.title ?? "Answer", body), lines: lines)
    case "predict":
      check(info, lines)
      return Block(kind: .predict(read(text, firstLine: inner)), lines: lines)
    case "sources":
      check(info, lines)
      return Block(kind: .sources(sources(text, lines)), lines: lines)
    case "quiz":
      return Block(kind: .quiz(quiz(info, text, lines)), lines: lines)
    case "table":
      return table(info, text, lines)
    case "schedule", "console", "diagram":
      return output(info, text, lines)
    default:
      return listing(info, text, lines)
    }
  }

  private mutating func listing(
    _ info: InfoString, _ text: String, _ lines: ClosedRange<Int>
  ) -> Block {
    check(info, lines, options: ["from"])
    if !info.word.isEmpty, !Self.languages.contains(info.word) {
      report(
        lines.lowerBound, "there is no block '\(info.word)'",
        repair: "use one of " + (Self.blockWords + Self.languages).joined(separator: ", "))
    }
    let language = info.word.isEmpty ? "text" : info.word
    var block = Block(kind: .listing(language: language, text: text), lines: lines)
    if let from = info.options["from"] {
      let parts = from.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      block.origin = .file(
        path: String(parts[0]), region: parts.count == 2 ? String(parts[1]) : nil)
    }
    return block
  }

  private mutating func output(
    _ info: InfoString, _ text: String, _ lines: ClosedRange<Int>
  ) -> Block {
    check(info, lines, options: ["run"])
    guard let kind = Block.OutputKind(rawValue: info.word) else {
      preconditionFailure("only the words of OutputKind lead here")
    }
    var block = Block(kind: .output(kind, text: text), lines: lines)
    if let name = info.options["run"] {
      block.origin = .run(kind, name: name)
    } else if kind != .console {
      report(
        lines.lowerBound, "the \(info.word) does not say which run it shows",
        repair: "write \(info.word) run=NAME")
    }
    return block
  }

  private mutating func table(
    _ info: InfoString, _ text: String, _ lines: ClosedRange<Int>
  ) -> Block {
    check(info, lines, options: ["run", "caption"], title: true)
    var rows: [[[Inline]]] = []
    for (index, line) in text.lines.enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let cells = Table.cells(of: line)
      if rows.count == 1, Table.isRule(cells) { continue }
      let number = lines.lowerBound + 1 + index
      if let header = rows.first, header.count != cells.count {
        report(
          number, "the row has \(cells.count) cells, the heading row \(header.count)",
          repair: "give every row the same number of | cells")
      }
      var row: [[Inline]] = []
      for cell in cells { row.append(readInline(cell, line: number)) }
      rows.append(row)
    }
    if rows.count < 2, info.options["run"] == nil {
      report(
        lines.lowerBound, "the table has no rows",
        repair: "write a row of headings and at least one row, cells divided by |")
    }
    let table = Table(
      caption: info.title ?? info.options["caption"], header: rows.first ?? [],
      rows: Array(rows.dropFirst()))
    var block = Block(kind: .table(table), lines: lines)
    if let name = info.options["run"] { block.origin = .run(.table, name: name) }
    return block
  }

  private mutating func sources(_ text: String, _ lines: ClosedRange<Int>) -> Block.List {
    let blocks = read(text, firstLine: lines.lowerBound + 1)
    if blocks.count == 1, case .list(let list) = blocks[0].kind, list.start == 1 { return list }
    report(
      lines.lowerBound, "the sources are not one numbered list that begins at 1",
      repair: "write 1. Author, title, date, <https://…> for each")
    return Block.List(start: 1, isTight: true, items: [])
  }

  /// Reports options, flags and titles that the block does not take.
  mutating func check(
    _ info: InfoString, _ lines: ClosedRange<Int>, options: [String] = [], title: Bool = false
  ) {
    let known = options.isEmpty ? "it takes none" : "it takes " + options.joined(separator: ", ")
    for option in info.options.keys.sorted() where !options.contains(option) {
      report(
        lines.lowerBound, "a \(info.word) block has no option '\(option)'",
        repair: "remove it; \(known)")
    }
    for flag in info.flags {
      report(
        lines.lowerBound, "'\(flag)' means nothing here",
        repair: "write options as key=value and titles in quotation marks")
    }
    if info.title != nil, !title {
      report(lines.lowerBound, "a \(info.word) block has no title", repair: "remove the title")
    }
  }
}
