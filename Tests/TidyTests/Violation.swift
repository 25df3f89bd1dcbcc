import Testing

/// One place that breaks a rule of the house, and what to do about it.
struct Violation: Hashable, CustomStringConvertible {
  /// Path from the repository's root.
  let file: String
  /// Counted from 1; 0 where the whole file is meant.
  let line: Int
  /// The rule's short name, as in its test.
  let rule: String
  /// What the reader should write instead, as a sentence.
  let repair: String

  var description: String { "\(file):\(line): [\(rule)] \(repair)" }
}

/// Fails the running test once, with every violation on a line of its own.
func expectTidy(
  _ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation
) {
  let list = violations.map(\.description).joined(separator: "\n")
  #expect(violations.isEmpty, "\n\(list)", sourceLocation: sourceLocation)
}
