/// A promise the compiler cannot check says above itself why it holds.
func unexplainedPromises(in file: SourceFile) -> [Violation] {
  ["@unchecked Sendable", "nonisolated(unsafe)"].flatMap { promise in
    file.occurrences(of: promise).compactMap { offset in
      let line = file.line(at: offset)
      if file.commentary(on: line, reach: 6).contains("Safety:") { return nil }
      return Violation(
        file: file.path, line: line, rule: "unexplained promises",
        repair: "`\(promise)` needs `// Safety:` above it: which lock or edge keeps it true?")
    }
  }
}

/// Unsafe code says in the same declaration, or right above it, why it is safe.
func unexplainedUnsafety(in file: SourceFile) -> [Violation] {
  guard file.isUnder(["Sources", "Lessons", "Exercises"]) else { return [] }
  let declarations = file.declarations
  return file.occurrences(of: "unsafe").compactMap { offset in
    let line = file.line(at: offset)
    let around = declarations.last { $0.body.contains(offset) }?.lines ?? line...line
    if file.commentary(on: around.lowerBound, through: line, reach: 8).contains("Safety:") {
      return nil
    }
    return Violation(
      file: file.path, line: line, rule: "unexplained unsafety",
      repair: "say with `// Safety:` in this declaration what makes the access valid.")
  }
}
