import Publishing
import Testing

/// Lessons in a terminal of 80 columns.
struct TerminalTests {
  static let plain = TerminalRenderer.render(Fixture.lesson, style: .plain)

  @Test func `a piped page has no escape codes`() {
    #expect(!Self.plain.contains("\u{1B}"))
    #expect(TerminalRenderer.render(Fixture.lesson, style: .coloured).contains("\u{1B}["))
  }

  @Test func `prose stays within 80 columns`() {
    let long = Self.plain.split(separator: "\n").filter { $0.count > 80 }
    #expect(long.isEmpty, "\(long.joined(separator: "\n"))")
  }

  @Test(arguments: [TerminalStyle.plain, .coloured])
  func `no code line is cut`(style: TerminalStyle) {
    let text = TerminalRenderer.render(Fixture.lesson, style: style)
    for block in Fixture.lesson.blocks.flattened {
      let code: String
      switch block.kind {
      case .listing(_, let text), .output(_, let text): code = text
      default: continue
      }
      for line in code.split(separator: "\n") { #expect(text.contains(line)) }
    }
  }

  @Test func `a code line wider than the terminal is still whole`() throws {
    let line = String(repeating: "x", count: 90)
    let text = try Fixture.withTree(Fixture.files(lesson: "```text\n\(line)\n```\n")) { tree in
      TerminalRenderer.render(Lesson.read("01-a", in: tree), style: .plain)
    }
    #expect(text.contains(line))
  }

  @Test func `colour changes no character`() {
    let coloured = TerminalRenderer.render(Fixture.lesson, style: .coloured)
    let bare = coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    #expect(words(of: bare) == words(of: Self.plain))
  }

  @Test func `what is stressed is marked where nothing slants`() throws {
    try Fixture.withTree(Fixture.files(lesson: "Answer *not yet*, and `wait`.\n")) { tree in
      let lesson = Lesson.read("01-a", in: tree)
      let plain = TerminalRenderer.render(lesson, style: .plain)
      #expect(plain.contains("Answer _not yet_, and `wait`."))
      #expect(!TerminalRenderer.render(lesson, style: .coloured).contains("_not yet_"))
    }
  }

  /// Where lines break may differ, because plain text marks what is stressed and what is code.
  private func words(of text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).filter { $0 != "┃" }
      .map { $0.filter { !"`_".contains($0) } }
  }

  @Test func `answers and links stand at the end`() throws {
    let answers = try #require(Self.plain.firstRange(of: "Answers to the questions"))
    let feedback = try #require(Self.plain.firstRange(of: "knows nothing of callbacks"))
    #expect(answers.lowerBound < feedback.lowerBound)
    #expect(Self.plain.contains("[1] https://lore.kernel.org/dri-devel/"))
  }

  @Test func `hyperlinks are sent only when asked for`() {
    let style = TerminalStyle(hasColours: true, hasHyperlinks: true)
    let text = TerminalRenderer.render(Fixture.lesson, style: style)
    #expect(text.contains("\u{1B}]8;;https://lore.kernel.org/dri-devel/\u{1B}\\a long thread"))
    #expect(!text.contains("[1] https://"))
  }

  @Test func `a table is aligned`() throws {
    let body = "```table\n| a | bb |\n|---|---|\n| ccc | d |\n```\n"
    let text = try Fixture.withTree(Fixture.files(lesson: body)) { tree in
      TerminalRenderer.render(Lesson.read("01-a", in: tree), style: .plain)
    }
    #expect(text.contains("  a    bb\n  ───  ──\n  ccc  d\n"))
  }
}
