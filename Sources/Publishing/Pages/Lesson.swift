/// A lesson as a page, with its exercises.
package struct Lesson: Sendable {
  /// `NN-slug`, the name of its folder.
  package let id: String

  /// The number in the curriculum.
  package let number: Int

  package let front: FrontMatter

  /// Everything below the title.
  package let blocks: [Block]

  package let exercises: [ExercisePage]

  /// What was wrong in `lesson.md` and in the exercises.
  package let findings: [Finding]

  /// The Markdown file, relative to the root of the package.
  package var path: String { "Lessons/\(id)/lesson.md" }

  /// Whether the text leads to the exercises itself; otherwise the page ends with a list of them.
  var presentsExercises: Bool {
    exercises.isEmpty || blocks.headings.contains { $0.id == "exercises" }
  }

  /// Length, exercises and kernel version in one line.
  var facts: String {
    var facts = ["\(front.minutes) minutes"]
    switch exercises.count {
    case 0: break
    case 1: facts.append("1 exercise")
    default: facts.append("\(exercises.count) exercises")
    }
    if let kernel = front.kernel { facts.append("as of \(kernel)") }
    return facts.joined(separator: " · ")
  }
}

extension Lesson {
  /// Reads the lesson in `Lessons/<id>` and its exercises.
  package static func read(_ id: String, in tree: SourceTree) -> Lesson {
    let path = "Lessons/\(id)/lesson.md"
    var reader = PageReader(file: path)
    let text = tree.text(of: path)
    if text == nil {
      reader.report(1, "the file is missing", repair: "add it, or remove the folder")
    }
    let (front, body, bodyLine) = FrontMatter.take(from: text ?? "", into: &reader)
    var blocks = reader.read(body, firstLine: bodyLine)
    if case .heading(let heading)? = blocks.first?.kind, heading.level == 1 {
      if bodyLine > 1, heading.content.plainText != front.title {
        reader.report(
          blocks[0].lines.lowerBound, "the heading differs from the title in the front matter",
          repair: "write '# \(front.title)'")
      }
      blocks.removeFirst()
    }
    let exercises = tree.folders(in: "Exercises/\(id)").map {
      ExercisePage.read("\(id)/\($0)", in: tree)
    }
    return Lesson(
      id: id, number: Int(id.prefix { $0.isNumber }) ?? 0, front: front, blocks: blocks,
      exercises: exercises, findings: reader.findings + exercises.flatMap(\.findings))
  }

  /// The identifiers of all lessons, in the order of the curriculum.
  package static func identifiers(in tree: SourceTree) -> [String] {
    tree.folders(in: "Lessons").filter { $0.first?.isNumber == true }
  }
}
