/// A promise the compiler cannot check says above itself why it holds.
func unexplainedPromises(in file: SourceFile) -> [Violation] {
  ["@unchecked Sendable", "nonisolated(unsafe)"].flatMap { promise in
    file.occurrences(of: promise).compactMap { offset in
      let line = file.line(at: offset)
      if file.commentary(on: line, through: line + 1, reach: 6).contains("Safety:") { return nil }
      return Violation(
        file: file.path, line: line, rule: "unexplained promises",
        repair: "`\(promise)` needs `// Safety:` above it: which lock or edge keeps it true?")
    }
  }
}

/// Unsafe code says in the same declaration, or right above it, why it is safe.
///
/// A sentence beside a stored property or above a type speaks for the whole file.
func unexplainedUnsafety(in file: SourceFile) -> [Violation] {
  guard file.isUnder(["Sources", "Lessons", "Exercises"]) else { return [] }
  let declarations = file.declarations
  func isExplained(_ offset: Int) -> Bool {
    let line = file.line(at: offset)
    let first = declarations.last { $0.body.contains(offset) }?.lines.lowerBound ?? line
    return file.commentary(on: first, through: line, reach: 8).contains("Safety:")
  }
  let speaksForAll = file.occurrences(of: "Safety:", in: \.comments).contains { reason in
    !declarations.contains { $0.body.contains(reason) } && file.isAboutState(reason)
  }
  let silent = file.occurrences(of: "unsafe").filter { !speaksForAll && !isExplained($0) }
  return Set(silent.map(file.line)).sorted().map {
    Violation(
      file: file.path, line: $0, rule: "unexplained unsafety",
      repair: "say with `// Safety:` in this declaration what makes the access valid.")
  }
}

extension SourceFile {
  /// Whether the comment at `offset` stands beside or above a property or a type.
  fileprivate func isAboutState(_ offset: Int) -> Bool {
    let lines = (line(at: offset)...lineCount).lazy.map { self.line($0, of: \.code) }
    let words = lines.first { $0.contains { $0 != " " } }?.split(separator: " ") ?? []
    return ["let", "var", "struct", "class", "enum", "extension"].contains { words.contains($0) }
  }
}
