import Publishing

/// The rules a lesson must keep that a program can decide.
///
/// Each rule stands in Documentation/LessonFormat.md, with its reason.
struct LessonLint {
  let lesson: Lesson
  let tree: SourceTree

  /// Every block of the lesson in reading order.
  let blocks: [Block]

  init(_ lesson: Lesson, in tree: SourceTree) {
    self.lesson = lesson
    self.tree = tree
    blocks = lesson.blocks.flattened
  }

  /// Everything that breaks a rule.
  var findings: [Finding] {
    question + length + sentences + wording + headings + code + prediction + quizzes + positions
      + conditions + guards + invariant + misconceptions + sourceList
  }

  func finding(_ line: Int, _ problem: String, repair: String) -> Finding {
    Finding(file: lesson.path, line: line, problem: problem, repair: repair)
  }

  /// A rule about something the lesson lacks, reported at its top.
  func missing(_ problem: String, repair: String) -> [Finding] {
    [finding(1, problem, repair: repair)]
  }
}

// MARK: - The words of the lesson

extension LessonLint {
  /// What counts as the lesson's prose: paragraphs, headings, lists and notes.
  ///
  /// Quizzes, tables, sources and everything the kit writes do not count.
  var prose: [(line: Int, text: String)] {
    Self.prose(in: lesson.blocks)
  }

  static func prose(in blocks: [Block]) -> [(line: Int, text: String)] {
    blocks.flatMap { block -> [(line: Int, text: String)] in
      switch block.kind {
      case .heading(let heading): [(block.lines.lowerBound, heading.content.prose)]
      case .paragraph(let content): [(block.lines.lowerBound, content.prose)]
      case .quiz, .sources: []
      default: prose(in: block.children)
      }
    }
  }

  static func words(in text: String) -> [Substring] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "\u{FFFC}" || $0 == "'" || $0 == "’") }
  }

  private var question: [Finding] {
    let asked = lesson.front.question
    guard asked.hasSuffix("?"), asked.dropLast().allSatisfy({ !"?!.".contains($0) }) else {
      return missing(
        "the question is not one sentence that ends in '?'", repair: "rewrite it in front matter")
    }
    let paragraphs = lesson.blocks.compactMap { block in
      if case .paragraph(let content) = block.kind { content.plainText } else { nil }
    }
    let opening = Self.words(in: paragraphs.joined(separator: " ")).prefix(60)
    let sought = Self.words(in: asked)
    let isThere = opening.indices.contains { opening[$0...].starts(with: sought) }
    return isThere
      ? [] : missing("the first 60 words do not ask the question", repair: "open with: \(asked)")
  }

  private var length: [Finding] {
    let count = prose.reduce(0) { $0 + Self.words(in: $1.text).count }
    if (1200...2500).contains(count) { return [] }
    return missing(
      "the lesson has \(count) words of prose", repair: "a lesson has 1200 to 2500")
  }

  private var sentences: [Finding] {
    let paragraphs = Self.paragraphs(in: lesson.blocks)
    let sentences = paragraphs.reduce(0) { count, text in
      count
        + max(1, text.split { ".?!".contains($0) }.count { Self.words(in: String($0)).count > 1 })
    }
    let words = paragraphs.reduce(0) { $0 + Self.words(in: $1).count }
    guard sentences > 0, words > 28 * sentences else { return [] }
    return missing(
      "sentences have \(words / sentences) words on average", repair: "stay at 28 or below")
  }

  private static func paragraphs(in blocks: [Block]) -> [String] {
    blocks.flattened.compactMap { block in
      if case .paragraph(let content) = block.kind { content.prose } else { nil }
    }
  }

  private var wording: [Finding] {
    let pages = [(lesson.path, lesson.blocks)] + lesson.exercises.map { ($0.path, $0.task) }
    let hints = lesson.exercises.map {
      ("\($0.folder)/hints.md", $0.hints.flatMap(\.content))
    }
    return (pages + hints).flatMap { path, blocks in
      Wording.findings(in: Self.prose(in: blocks) + Self.answers(in: blocks), of: path)
    }
  }

  /// The wording of quizzes, which keeps the same rules.
  private static func answers(in blocks: [Block]) -> [(line: Int, text: String)] {
    blocks.flattened.flatMap { block -> [(line: Int, text: String)] in
      guard case .quiz(let quiz) = block.kind else { return [] }
      return prose(in: quiz.question)
        + quiz.options.map { ($0.line, $0.text.prose + " " + $0.feedback.prose) }
    }
  }
}
