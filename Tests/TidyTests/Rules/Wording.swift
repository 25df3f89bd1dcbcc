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
  ["work", "tmp", "root", "home", "farm"].flatMap { folder in
    file.occurrences(of: "/\(folder)/", in: \.bytes).filter { startsPath($0, in: file) }.map {
      Violation(
        file: file.path, line: file.line(at: $0), rule: "machine paths",
        repair: "`/\(folder)/…` exists on one machine only: use a relative path or the environment."
      )
    }
  }
}

/// Whether the slash at `offset` begins a path, and is not the middle of one.
private func startsPath(_ offset: Int, in file: SourceFile) -> Bool {
  guard offset > 0 else { return true }
  let before = file.bytes[offset - 1]
  return !before.isIdentifier && !"._-)}~".utf8.contains(before)
}
