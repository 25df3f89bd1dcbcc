import Publishing

// MARK: - Headings, code and order

extension LessonLint {
  static let codeColumns = 76

  var headings: [Finding] {
    var level = 1
    return blocks.compactMap { block in
      guard case .heading(let heading) = block.kind else { return nil }
      defer { level = heading.level }
      if heading.level == 1 {
        return finding(
          block.lines.lowerBound, "a page has one heading of level 1", repair: "write '##'")
      }
      guard heading.level > level + 1 else { return nil }
      return finding(
        block.lines.lowerBound, "the heading skips from level \(level) to \(heading.level)",
        repair: "use level \(level + 1)")
    }
  }

  var code: [Finding] {
    blocks.flatMap { block -> [Finding] in
      let text: String
      switch block.kind {
      case .listing(let language, let listing):
        text = listing
        if language == "swift", block.origin == nil {
          return [
            finding(
              block.lines.lowerBound, "the listing comes from no file that is built and tested",
              repair: "write swift from=PATH#REGION and run fencelab weave")
          ]
        }
      case .output(_, let output): text = output
      default: return []
      }
      let lines = text.lines
      return lines.enumerated().filter { $1.count > Self.codeColumns }.map {
        finding(
          block.lines.lowerBound + 1 + $0, "the line has \($1.count) columns",
          repair: "a terminal of 80 shows \(Self.codeColumns) uncut: break it in the source")
      }
    }
  }

  /// A reader predicts before a result is revealed.
  var prediction: [Finding] {
    var isPredicted = false
    return blocks.compactMap { block in
      switch block.kind {
      case .predict: isPredicted = true
      case .reveal:
        defer { isPredicted = false }
        if !isPredicted {
          return finding(
            block.lines.lowerBound, "nothing was predicted before this is revealed",
            repair: "put a predict block before it")
        }
      default: break
      }
      return nil
    }
  }
}

// MARK: - Quizzes

extension LessonLint {
  private var items: [(line: Int, quiz: Quiz)] {
    blocks.compactMap { block in
      if case .quiz(let quiz) = block.kind { (block.lines.lowerBound, quiz) } else { nil }
    }
  }

  var quizzes: [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    for (line, quiz) in items {
      if !seen.insert(quiz.id).inserted {
        findings.append(
          finding(line, "the quiz id '\(quiz.id)' is taken", repair: "choose another"))
      }
      let lengths = quiz.options.map(\.text.plainText.count)
      if let longest = lengths.max(), let shortest = lengths.min(), longest > 3 * shortest + 20 {
        findings.append(
          finding(
            line, "the options differ in length so much that they give the answer away",
            repair: "write options of similar length"))
      }
      let stem = quiz.question.flattened.map { block in
        if case .paragraph(let content) = block.kind { content.plainText } else { "" }
      }.joined(separator: " ")
      if stem.contains("NOT") || stem.contains(" except") {
        findings.append(
          finding(line, "the question asks for what is not so", repair: "ask for what is so"))
      }
    }
    let kinds = Set(items.map(\.quiz.kind))
    for kind in Quiz.Kind.allCases where !kinds.contains(kind) {
      findings += missing(
        "no quiz is of the kind '\(kind.rawValue)'",
        repair: "add a quiz with kind=\(kind.rawValue)")
    }
    return findings
  }
}
