import Publishing

/// Words that make a reader feel slow, or claim a speed without a number.
enum Wording {
  static let belittling = ["just", "simply", "obviously", "clearly", "of course"]
  static let unmeasured = ["fast", "faster", "slow", "slower"]

  /// Reports each such word with its own line.
  static func findings(
    in prose: [(line: Int, text: String)], of file: String
  ) -> [Finding] {
    prose.flatMap { entry in
      let hasNumber = entry.text.contains(where: \.isNumber)
      let lines = entry.text.lines
      return lines.enumerated().flatMap { offset, line -> [Finding] in
        let text = " " + LessonLint.words(in: line.lowercased()).joined(separator: " ") + " "
        let line = entry.line + offset
        return belittling.filter { text.contains(" \($0) ") }.map {
          Finding(
            file: file, line: line, problem: "'\($0)' tells the reader how to feel",
            repair: "leave it out")
        }
          + unmeasured.filter { !hasNumber && text.contains(" \($0) ") }.map {
            Finding(
              file: file, line: line, problem: "'\($0)' stands without a number",
              repair: "give the measured ratio, or say what happens less often")
          }
      }
    }
  }
}
