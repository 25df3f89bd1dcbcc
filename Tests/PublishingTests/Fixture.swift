import FoundationEssentials
import Publishing

/// The course under Fixtures, and small documents made on the spot.
enum Fixture {
  static let course = SourceTree(
    root: URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/course").path)

  static let lesson = Lesson.read("06-the-signaled-bit", in: course)

  /// A tree in a folder of its own with these files; removed when `body` returns.
  static func withTree<Result>(
    _ files: [String: String], _ body: (SourceTree) throws -> Result
  ) throws -> Result {
    let manager = FileManager.default
    let root = manager.temporaryDirectory.appending(path: "fencelab-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try manager.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return try body(SourceTree(root: root.path))
  }

  /// A lesson with this body, as the only file of a tree.
  static func files(lesson body: String) -> [String: String] {
    let front = "---\ntitle: T\nquestion: Q?\nconcepts: c\nminutes: 1\n---\n"
    return ["Lessons/01-a/lesson.md": front + body]
  }

  /// What a build of a course with this one lesson complains about.
  static func findings(lesson body: String) throws -> [String] {
    try withTree(files(lesson: body)) { tree in
      do {
        _ = try SiteBuilder(tree: tree, woven: NoRuns()).render()
        return []
      } catch let error as InvalidPages {
        return error.findings.map(\.description)
      }
    }
  }

  /// The HTML of a lesson with this body, between the facts and the page links.
  static func html(lesson body: String) throws -> String {
    try withTree(files(lesson: body)) { tree in
      let page = try SiteBuilder(tree: tree, woven: NoRuns()).render()["lessons/01-a.html"] ?? ""
      let start = page.firstRange(of: "<p class=\"facts\">1 minutes</p>\n")
      let end = page.firstRange(of: "<nav class=\"turn\"")
      guard let start, let end else { return page }
      return String(page[start.upperBound..<end.lowerBound])
    }
  }
}
