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

    /// The group of the page; the front belongs to none.
    var section: Section? {
      switch content {
      case .front: nil
      case .lesson, .exercise: .lessons
      case .document(let document): Section(of: document.path)
      }
    }
  }

  /// A group of pages in the navigation, in its order.
  enum Section: String, Sendable, CaseIterable {
    case lessons = "Lessons"
    case debates = "Debates"
    case documentation = "Documentation"
    case decisions = "Decisions"

    /// The section of a Markdown file.
    init(of path: String) {
      if path.hasPrefix("Documentation/Debates/") || path == "Documentation/Todo.md" {
        self = .debates
      } else {
        self = path.hasPrefix("Documentation/Decisions/") ? .decisions : .documentation
      }
    }
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
    let documents = book.documents.map { document in
      Page(
        source: document.path, output: Self.output(of: document), title: document.title,
        content: .document(document), anchors: document.blocks.anchors)
    }
    for section in Section.allCases {
      let listed = documents.filter { $0.section == section }
      let opening = listed.filter { $0.source.hasSuffix("/README.md") }
      let closing = listed.filter { $0.source == "Documentation/Todo.md" }
      let ends = Set((opening + closing).map(\.source))
      pages += opening + listed.filter { !ends.contains($0.source) } + closing
    }
    self.pages = pages
    for (number, page) in pages.enumerated() {
      for name in Self.names(of: page) { index[name] = number }
    }
  }

  /// Where a page of the documentation lies; the one about a folder opens with it.
  private static func output(of document: Document) -> String {
    let name = document.path.dropLast(3).drop { $0 != "/" }
    let isAboutFolder = name.hasSuffix("/README")
    return "documentation\(isAboutFolder ? name.dropLast(6) + "index" : name).html"
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
    case .document:
      page.source.hasSuffix("/README.md")
        ? [page.source, String(page.source.dropLast(10))] : [page.source]
    }
  }
}
