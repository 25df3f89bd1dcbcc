/// Work that was put off and forgotten.
///
/// A learner's starter is the one place that may ask for work.
func leftovers(in file: SourceFile) -> [Violation] {
  if file.path.hasPrefix("Exercises/"), file.path.hasSuffix("/Exercise.swift") { return [] }
  return ["TODO", "FIXME", "XXX"].flatMap { word in
    file.occurrences(of: word, in: \.comments).map {
      Violation(
        file: file.path, line: file.line(at: $0), rule: "leftovers",
        repair: "do it now, or write an issue and remove the note.")
    }
  }
}

/// A room with nothing in it but a placeholder.
func emptyRooms(in file: SourceFile) -> [Violation] {
  guard file.path.hasSuffix("/Placeholder.swift") else { return [] }
  return [
    Violation(
      file: file.path, line: 0, rule: "leftovers",
      repair: "fill the room and delete this file, or take the target out of Package.swift.")
  ]
}
