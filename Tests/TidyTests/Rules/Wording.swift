/// "Fence" is only ever the GPU object; a memory instruction is a barrier.
func misnamedBarriers(in file: SourceFile) -> [Violation] {
  guard file.isUnder(["Sources", "Lessons", "Exercises", "Documentation", "README.md"]),
    file.path != "Documentation/Glossary.md"
  else { return [] }
  let phrases = ["memory fence", "acquire fence", "release fence", "compiler fence"]
  let lowercased = SourceFile(file.path, bytes: file.bytes.map(\.lowercased))
  return phrases.flatMap { phrase in
    lowercased.occurrences(of: phrase, in: \.bytes).map {
      Violation(
        file: file.path, line: file.line(at: $0), rule: "wording",
        repair: "say `\(phrase.replacing("fence", with: "barrier"))`: a fence is the GPU object.")
    }
  }
}

/// Words that tell a reader how easy it is for others; `fencelab verify` looks after the lessons.
func belittlingWords(in page: SourceFile) -> [Violation] {
  let isCheckedElsewhere = page.isUnder(["Lessons"])
  guard page.isMarkdown, !isCheckedElsewhere else { return [] }
  let words = ["just", "simply", "obviously", "clearly", "of course", "trivially"]
  return page.proseLines.flatMap { number, text in
    let line = SourceFile(page.path, text.lowercased())
    return words.filter { !line.occurrences(of: $0, in: \.bytes).isEmpty }.map {
      Violation(
        file: page.path, line: number, rule: "wording",
        repair: "leave out `\($0)`: the sentence says the same without it.")
    }
  }
}

/// Paths of one machine mean nothing to a reader on another.
func machinePaths(in file: SourceFile) -> [Violation] {
  let places = ["work", "tmp", "root", "home", "farm"].map { "/\($0)/" }
  return (1...max(1, file.lineCount)).flatMap { number in
    let line = file.line(number)
    return places.filter { startsPath($0, in: line) }.map {
      Violation(
        file: file.path, line: number, rule: "machine paths",
        repair: "`\($0)…` exists on one machine only: use a relative path or the environment.")
    }
  }
}

/// Whether `place` begins a path in the line, and is not the middle of one.
private func startsPath(_ place: String, in line: String) -> Bool {
  line.split(separator: place, omittingEmptySubsequences: false).dropLast().contains {
    guard let before = $0.last else { return true }
    return !before.isLetter && !before.isNumber && !"._-)}~".contains(before)
  }
}
