/// Which pages the site has, where they lie, and what links may point at.
struct SitePlan: Sendable {
  /// A page of the site.
  struct Page: Sendable {
    /// What the page shows.
    enum Content: Sendable {
      case front
      case lesson(Lesson)
      case exercise(ExercisePage, of: Lesson)
      case document(Document)
    }

    /// The file it is made from, relative to the root of the package.
    let source: String

    /// Where it lies in the site.
    let output: String

    let title: String
    let content: Content

    /// Identifiers on the page that fragments may name.
    let anchors: Set<String>
  }

  let pages: [Page]

  /// The index in `pages` for each path that links may name.
  private var index: [String: Int] = [:]

  /// Plans the pages of `book` in reading order.
  init(_ book: Book) {
    var pages = [
      Page(
        source: "README.md", output: "index.html", title: "Fencelab", content: .front, anchors: [])
    ]
    for lesson in book.lessons {
      pages.append(
        Page(
          source: lesson.path, output: "lessons/\(lesson.id).html", title: lesson.front.title,
          content: .lesson(lesson), anchors: lesson.blocks.anchors))
      for exercise in lesson.exercises {
        pages.append(
          Page(
            source: exercise.path, output: "exercises/\(exercise.id).html",
            title: exercise.title, content: .exercise(exercise, of: lesson),
            anchors: exercise.task.anchors.union(["task", "exercise", "checks", "hints"])))
      }
    }
    for document in book.documents {
      let name = document.path.dropLast(3).drop { $0 != "/" }
      pages.append(
        Page(
          source: document.path, output: "documentation\(name).html", title: document.title,
          content: .document(document), anchors: document.blocks.anchors))
    }
    self.pages = pages
    for (number, page) in pages.enumerated() {
      for name in Self.names(of: page) { index[name] = number }
    }
  }

  /// The page made from the file or folder at `path`.
  func page(for path: String) -> Page? {
    index[path].map { pages[$0] }
  }

  /// The pages before and after the one at `output`, in reading order.
  func neighbours(of page: Page) -> (previous: Page?, next: Page?) {
    guard let position = index[page.source] else { return (nil, nil) }
    return (
      position > 0 ? pages[position - 1] : nil,
      position + 1 < pages.count ? pages[position + 1] : nil
    )
  }

  private static func names(of page: Page) -> [String] {
    switch page.content {
    case .front: [page.source, ""]
    case .lesson(let lesson): [page.source, "Lessons/\(lesson.id)"]
    case .exercise(let exercise, _):
      [page.source, exercise.folder, "\(exercise.folder)/Checks.swift"]
        + ["\(exercise.folder)/hints.md"]
    case .document: [page.source]
    }
  }
}
