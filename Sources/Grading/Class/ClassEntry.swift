internal import FoundationEssentials

/// What became of one answer, with everything that the results are written from.
struct ClassEntry: Sendable, Codable, Hashable {
  let student: String
  let number: String
  let grade: GradeEntry
  /// What a person reads.
  let report: String
  /// Files that were handed in changed, and were not used.
  let restored: [String]
  /// The answer as it was graded; nil where nothing was compiled.
  let answer: Data?
  /// What it was graded with: checks, kit and mode.
  let basis: ContentHash

  var isPassed: Bool { grade.verdict == .passed }

  init(_ result: GradeResult, of handIn: HandIn, basis: ContentHash) {
    student = handIn.student
    number = result.number
    grade = GradeEntry(result)
    restored = handIn.changed
    answer = result.answer.map { Data($0) }
    self.basis = basis
    var text = GradeReport(result).text
    if !handIn.changed.isEmpty {
      text +=
        "\n\nHanded in changed and not used: \(handIn.changed.joined(separator: ", ")). "
        + "The course's own took their place."
    }
    report = text
  }

  /// Whether grading the same again would be of no use.
  func isCurrent(_ handIn: HandIn, basis: ContentHash) -> Bool {
    guard self.basis == basis, restored == handIn.changed else { return false }
    guard let file = handIn.file else { return grade.rule == "missing" }
    // The bytes themselves are compared: a fingerprint could be forged.
    return answer != nil && FileManager.default.contents(atPath: file) == answer
  }
}
