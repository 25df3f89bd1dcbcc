/// Everything there is to read: the lessons in order, their exercises, and the documentation.
package struct Book: Sendable {
  package let lessons: [Lesson]
  package let documents: [Document]

  /// Reads the whole book.
  package init(reading tree: SourceTree) {
    lessons = Lesson.identifiers(in: tree).map { Lesson.read($0, in: tree) }
    documents = Self.markdownFiles(under: "Documentation", in: tree).map {
      Document(reading: $0, in: tree)
    }
  }

  /// What was wrong in any file.
  package var findings: [Finding] {
    lessons.flatMap(\.findings) + documents.flatMap(\.findings)
  }

  private static func markdownFiles(under folder: String, in tree: SourceTree) -> [String] {
    let paths = tree.names(in: folder).map { "\(folder)/\($0)" }
    let folders = paths.filter { !$0.hasSuffix(".md") && tree.isFolder($0) }
    return paths.filter { $0.hasSuffix(".md") }
      + folders.flatMap { markdownFiles(under: $0, in: tree) }
  }
}
