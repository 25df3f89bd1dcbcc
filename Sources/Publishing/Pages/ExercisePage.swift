/// An exercise as a page: its task, its files and its hints.
package struct ExercisePage: Sendable {
  /// One hint; they are graded from "where to look" to "almost the answer".
  package struct Hint: Sendable {
    package let title: String
    package let content: [Block]
  }

  /// `NN-lesson/K-name`.
  package let id: String

  /// The number within its lesson.
  package let number: Int

  /// Lesson and exercise as the command line calls it: `06.1`.
  package var label: String { "\(id.prefix { $0.isNumber }).\(number)" }

  package let title: String

  /// What to do, from the comment at the top of `Exercise.swift`.
  package let task: [Block]

  /// `Exercise.swift` below that comment.
  package let source: String

  /// `Checks.swift`: what will be explored and expected.
  package let checks: String

  package let hints: [Hint]

  /// What was wrong in the files.
  package let findings: [Finding]

  /// The folder, relative to the root of the package.
  package var folder: String { "Exercises/\(id)" }

  /// The file that a learner edits.
  package var path: String { "\(folder)/Exercise.swift" }
}

extension ExercisePage {
  /// Reads the exercise in `Exercises/<id>`.
  package static func read(_ id: String, in tree: SourceTree) -> ExercisePage {
    let folder = "Exercises/\(id)"
    var reader = PageReader(file: "\(folder)/Exercise.swift")
    let file = tree.text(of: "\(folder)/Exercise.swift")
    if file == nil {
      reader.report(1, "the file is missing", repair: "add it, or remove the folder")
    }
    let (comment, line, rest) = leadingComment(of: file ?? "")
    if comment.isEmpty, file != nil {
      reader.report(
        1, "the exercise does not begin with its task",
        repair: "write the task as Markdown in /// lines at the top")
    }
    var task = reader.read(comment, firstLine: line)
    var title = name(of: id)
    if case .heading(let heading)? = task.first?.kind, heading.level == 1 {
      title = heading.content.plainText
      task.removeFirst()
    }
    let checks = tree.text(of: "\(folder)/Checks.swift")
    if checks == nil {
      reader.report(1, "there is no Checks.swift beside it", repair: "add the exercise's checks")
    }
    let (hints, hintFindings) = readHints(in: folder, of: tree)
    return ExercisePage(
      id: id, number: Int(id.split(separator: "/").last?.prefix { $0.isNumber } ?? "") ?? 0,
      title: title, task: task, source: rest, checks: checks ?? "", hints: hints,
      findings: reader.findings + hintFindings)
  }

  private static func readHints(
    in folder: String, of tree: SourceTree
  ) -> (hints: [Hint], findings: [Finding]) {
    let path = "\(folder)/hints.md"
    guard let text = tree.text(of: path) else { return ([], []) }
    var reader = PageReader(file: path)
    var hints: [(title: String, content: [Block])] = []
    for block in reader.read(text) {
      if case .heading(let heading) = block.kind, heading.level <= 2 {
        if heading.level == 2 { hints.append((heading.content.plainText, [])) }
      } else if hints.isEmpty {
        reader.report(
          block.lines.lowerBound, "this text belongs to no hint",
          repair: "begin each hint with a '## ' heading")
      } else {
        hints[hints.count - 1].content.append(block)
      }
    }
    return (hints.map { Hint(title: $0.title, content: $0.content) }, reader.findings)
  }

  /// Splits a source into the comment at its top, as Markdown, and everything below.
  private static func leadingComment(
    of source: String
  ) -> (comment: String, line: Int, rest: String) {
    let lines = source.lines
    let start = lines.firstIndex { !$0.isEmpty } ?? 0
    let end = lines[start...].firstIndex { !$0.hasPrefix("//") } ?? lines.endIndex
    let comment = lines[start..<end].map { line in
      let text = line.drop { $0 == "/" }
      return text.first == " " ? text.dropFirst() : text
    }
    let rest = lines[end...].drop(while: \.isEmpty).joined(separator: "\n")
    return (comment.joined(separator: "\n"), start + 1, rest)
  }

  /// `1-break-it` is called "Break it" unless its task has a title.
  private static func name(of id: String) -> String {
    let folder = id.split(separator: "/").last ?? ""
    let words = folder.drop { $0.isNumber || $0 == "-" }.replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
