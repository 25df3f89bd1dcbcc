import Publishing

// MARK: - The debate

extension LessonLint {
  /// The blocks below the first heading of level 2 whose identifier contains `name`.
  private func section(_ name: String) -> (line: Int, blocks: [Block])? {
    let top = lesson.blocks
    let start = top.firstIndex { block in
      if case .heading(let heading) = block.kind {
        heading.level == 2 && heading.id.contains(name)
      } else {
        false
      }
    }
    guard let start else { return nil }
    let rest = top[(start + 1)...].prefix { block in
      if case .heading(let heading) = block.kind { heading.level > 2 } else { true }
    }
    return (top[start].lines.lowerBound, Array(rest))
  }

  /// The positions: what stands below each heading of level 3 in the section.
  private var heldPositions: [(line: Int, blocks: [Block])] {
    var positions: [(line: Int, blocks: [Block])] = []
    for block in section("position")?.blocks ?? [] {
      if case .heading(let heading) = block.kind, heading.level == 3 {
        positions.append((block.lines.lowerBound, []))
      } else if !positions.isEmpty {
        positions[positions.count - 1].blocks.append(block)
      }
    }
    return positions
  }

  var positions: [Finding] {
    let held = heldPositions
    guard held.count >= 2 else {
      return missing(
        "the lesson presents fewer than two positions",
        repair: "write '## The positions' with one '### ' heading for each")
    }
    return held.compactMap { position in
      let content = position.blocks.flattened.compactMap { block in
        if case .paragraph(let content) = block.kind { content } else { nil }
      }
      let isDated = content.contains { paragraph in
        let links = paragraph.links.map(\.destination)
        let isLinked = links.contains { $0.hasPrefix("https://") || $0.hasPrefix("#source-") }
        return isLinked && Self.namesYear(paragraph.plainText)
      }
      return isDated
        ? nil
        : finding(
          position.line, "the position has no dated link to who holds it",
          repair: "link the mail, commit or section, and give its date with the year")
    }
  }

  private static func namesYear(_ text: String) -> Bool {
    LessonLint.words(in: text).contains { word in
      guard let year = Int(word) else { return false }
      return (1990...2099).contains(year)
    }
  }

  var conditions: [Finding] {
    guard let section = section("what-would-change-the-decision") else {
      return missing(
        "no section says what would change the decision",
        repair: "add '## What would change the decision'")
    }
    let items = section.blocks.flattened.reduce(0) { count, block in
      if case .list(let list) = block.kind { count + list.items.count } else { count }
    }
    let wanted = 2 * max(2, heldPositions.count)
    guard items < wanted else { return [] }
    return [
      finding(
        section.line, "the section lists \(items) conditions",
        repair: "list two for each position, \(wanted) in all")
    ]
  }

  var guards: [Finding] {
    let wanted = ["shared datum", "protecting primitive", "invariant"]
    let isThere = blocks.contains { block in
      guard case .table(let table) = block.kind else { return false }
      return table.header.map { $0.plainText.lowercased() } == wanted
    }
    return isThere
      ? []
      : missing(
        "no table says what guards what",
        repair: "add a table block with the columns \(wanted.joined(separator: " | "))")
  }

  var invariant: [Finding] {
    let code = blocks.firstIndex { block in
      switch block.kind {
      case .listing, .output: true
      default: false
      }
    }
    guard let code else { return missing("the lesson shows no code", repair: "add a listing") }
    let isStated = blocks[..<code].contains { block in
      guard case .paragraph(let content) = block.kind else { return false }
      return content.plainText.lowercased().contains("invariant")
    }
    return isStated
      ? []
      : [
        finding(
          blocks[code].lines.lowerBound, "code is shown before the invariant is stated",
          repair: "state it in one sentence above, with the word 'invariant'")
      ]
  }

  var misconceptions: [Finding] {
    let named = lesson.front.misconceptions
    if named.isEmpty {
      return missing(
        "the lesson refutes no misconception", repair: "add 'misconceptions: ID' to front matter")
    }
    let body = (tree.text(of: lesson.path) ?? "").split(separator: "\n---\n", maxSplits: 1).last
    return named.flatMap { id -> [Finding] in
      if body?.contains(id) != true {
        return missing(
          "the misconception '\(id)' is not in the text",
          repair: "state it under its id, and refute it")
      }
      guard !lesson.exercises.isEmpty, !isExpected(id) else { return [] }
      return missing(
        "no wrong answer of an exercise shows the misconception '\(id)'",
        repair: "add one with '// expects: …, misconception=\(id)'")
    }
  }

  /// Whether a wrong answer declares this misconception.
  private func isExpected(_ id: String) -> Bool {
    let folder = "Tests/ExerciseTests/\(lesson.id)"
    return tree.folders(in: folder).contains { exercise in
      let wrong = "\(folder)/\(exercise)/Wrong"
      return tree.names(in: wrong).contains { name in
        tree.text(of: "\(wrong)/\(name)")?.contains("misconception=\(id)") == true
      }
    }
  }

  var sourceList: [Finding] {
    let count = blocks.reduce(0) { count, block in
      if case .sources(let list) = block.kind { count + list.items.count } else { count }
    }
    if count < 2 {
      return missing("the lesson lists fewer than two sources", repair: "add a sources block")
    }
    let isTitled = (section("sources")?.blocks ?? []).contains { block in
      if case .sources = block.kind { true } else { false }
    }
    return isTitled
      ? [] : missing("the sources have no heading of their own", repair: "add '## Sources' above")
  }
}
