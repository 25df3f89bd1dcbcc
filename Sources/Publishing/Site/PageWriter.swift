/// Writes the `main` part of one page of the site.
struct PageWriter {
  private let page: SitePlan.Page
  private var renderer: HTMLRenderer
  private let woven: any WovenSource
  private var ownFindings: [Finding] = []

  /// Files with the drawings of the page, by path in the site.
  private(set) var drawingFiles: [String: String] = [:]

  init(page: SitePlan.Page, links: LinkResolver, woven: any WovenSource) {
    self.page = page
    self.woven = woven
    renderer = HTMLRenderer(links: links)
  }

  /// What was wrong with the page, known after `main(of:)`.
  var findings: [Finding] { renderer.links.findings + ownFindings }

  /// Files of the package that the page links to, known after `main(of:)`.
  var linkedSources: Set<String> { renderer.links.linkedSources }

  /// One sentence for search engines and link previews.
  var description: String {
    switch page.content {
    case .front: "A teaching kit about GPU fences: read, run, break, repair."
    case .lesson(let lesson): lesson.front.question
    case .exercise(_, let lesson): "An exercise of the lesson “\(lesson.front.title)”."
    case .document(let document): Self.shortened(document.summary)
    }
  }

  /// As much of a paragraph as a preview shows, cut between words.
  private static func shortened(_ text: String) -> String {
    guard text.count > 200 else { return text }
    let start = text.prefix(200)
    return (start.lastIndex(of: " ").map { start[..<$0] } ?? start) + " …"
  }

  /// Headings for the navigation.
  var headings: [Block.Heading] {
    switch page.content {
    case .lesson(let lesson): lesson.blocks.headings
    case .document(let document): document.blocks.headings
    case .front, .exercise: []
    }
  }

  /// The HTML inside `main`.
  mutating func main(of book: Book) -> String {
    switch page.content {
    case .front: front(book)
    case .lesson(let lesson): self.lesson(lesson)
    case .exercise(let exercise, let lesson): self.exercise(exercise, of: lesson)
    case .document(let document):
      renderer.html.block("h1", document.title)
      renderer.render(document.blocks)
    }
    return renderer.html.text
  }

  private mutating func front(_ book: Book) {
    renderer.html.raw("<div class=\"hero\"><h1>Fencelab</h1>\n<p class=\"lead\">Lessons about GPU ")
    renderer.html.raw("fences, each on a real design debate. Read one, run it on a simulated ")
    renderer.html.raw("machine, break it, repair it; a grader that explores every interleaving ")
    renderer.html.raw("says whether you are right.</p></div>\n")
    renderer.html.raw("<p>Everything here is also in your terminal: <code>fencelab read</code> ")
    renderer.html.raw("shows a lesson, <code>fencelab run</code> performs it, and ")
    renderer.html.raw("<code>fencelab watch</code> grades an exercise each time you save.</p>\n")
    renderer.html.raw("<h2 id=\"lessons\">Lessons</h2>\n")
    renderer.html.raw("<ol class=\"cards\">\n")
    for lesson in book.lessons {
      renderer.html.raw("<li><a href=\"lessons/\(HTML.attribute(lesson.id)).html\">")
      renderer.html.raw("<span class=\"number\">\(twoDigits(lesson.number))</span>")
      renderer.html.element("strong", lesson.front.title)
      renderer.html.raw("</a><p>")
      renderer.html.escaped(lesson.front.question)
      renderer.html.raw("</p><p class=\"facts\">\(HTML.attribute(lesson.facts))</p></li>\n")
    }
    renderer.html.raw("</ol>\n")
    debates()
  }

  /// The pages of the debates, as cards with what each is about.
  private mutating func debates() {
    let pages = renderer.links.plan.pages.filter {
      $0.section == .debates && !$0.source.hasSuffix("/README.md")
    }
    guard !pages.isEmpty else { return }
    renderer.html.raw("<h2 id=\"debates\">Debates</h2>\n<ul class=\"cards\">\n")
    for page in pages {
      guard case .document(let document) = page.content else { continue }
      renderer.html.raw("<li><a href=\"\(HTML.attribute(page.output))\">")
      renderer.html.element("strong", page.title)
      renderer.html.raw("</a><p>")
      renderer.html.escaped(Self.shortened(document.summary))
      renderer.html.raw("</p></li>\n")
    }
    renderer.html.raw("</ul>\n")
  }

  private mutating func lesson(_ lesson: Lesson) {
    renderer.html.raw("<p class=\"eyebrow\">Lesson \(lesson.number)</p>\n")
    renderer.html.block("h1", lesson.front.title)
    renderer.html.raw("<p class=\"facts\">\(HTML.attribute(lesson.facts))</p>\n")
    loadDrawings(lesson)
    renderer.render(lesson.blocks)
    if lesson.presentsExercises { return }
    renderer.html.raw("<section class=\"your-turn\" aria-labelledby=\"your-turn\">\n")
    renderer.html.raw("<h2 id=\"your-turn\">Your turn</h2>\n<ol class=\"cards\">\n")
    for exercise in lesson.exercises {
      let target = RelativePath.reference(
        from: page.output, to: "exercises/\(exercise.id).html")
      renderer.html.raw("<li><a href=\"\(HTML.attribute(target))\"><span class=\"number\">")
      renderer.html.raw("\(exercise.number)</span>")
      renderer.html.element("strong", exercise.title)
      renderer.html.raw("</a></li>\n")
    }
    renderer.html.raw("</ol></section>\n")
  }

  private mutating func exercise(_ exercise: ExercisePage, of lesson: Lesson) {
    let back = RelativePath.reference(from: page.output, to: "lessons/\(lesson.id).html")
    renderer.html.raw("<p class=\"eyebrow\"><a href=\"\(HTML.attribute(back))\">")
    renderer.html.escaped(lesson.front.title)
    renderer.html.raw("</a> · Exercise \(exercise.number)</p>\n")
    renderer.html.block("h1", exercise.title)
    renderer.html.raw("<div id=\"task\">\n")
    renderer.render(exercise.task)
    renderer.html.raw("</div>\n<p class=\"facts\">Edit <code>")
    renderer.html.escaped(exercise.path)
    renderer.html.raw("</code> while <code>fencelab watch</code> runs beside it, or ask with ")
    renderer.html.raw("<code>fencelab grade \(HTML.attribute(exercise.label))</code>.</p>\n")
    renderer.html.raw("<h2 id=\"exercise\">The file you edit</h2>\n")
    renderer.render(
      listing: exercise.source, language: "swift", origin: .file(path: exercise.path, region: nil))
    renderer.html.raw("<h2 id=\"checks\">What will be checked</h2>\n")
    renderer.render(
      listing: exercise.checks, language: "swift",
      origin: .file(path: "\(exercise.folder)/Checks.swift", region: nil))
    guard !exercise.hints.isEmpty else { return }
    renderer.html.raw("<h2 id=\"hints\">Hints</h2>\n")
    renderer.links.file = "\(exercise.folder)/hints.md"
    for (index, hint) in exercise.hints.enumerated() {
      renderer.html.raw("<details class=\"reveal\"><summary>Hint \(index + 1): ")
      renderer.html.escaped(hint.title)
      renderer.html.raw("</summary><div class=\"reveal-body\">\n")
      renderer.render(hint.content)
      renderer.html.raw("</div></details>\n")
    }
  }

  /// Asks for the drawing of each diagram; one that cannot be drawn is a finding.
  private mutating func loadDrawings(_ lesson: Lesson) {
    for block in lesson.blocks.flattened {
      guard case .run(.diagram, let name)? = block.origin, renderer.drawings[name] == nil else {
        continue
      }
      do {
        guard let drawing = try woven.drawing(run: name, lesson: lesson.id) else { continue }
        guard drawing.contains("<title"), drawing.contains("<desc") else {
          throw WovenSourceError(
            problem: "the drawing '\(name)' has no <title> or no <desc>",
            repair: "let the run describe what it draws")
        }
        renderer.drawings[name] = drawing
        drawingFiles["diagrams/\(lesson.id)-\(name).svg"] = drawing
      } catch {
        let known = error as? WovenSourceError
        ownFindings.append(
          Finding(
            file: lesson.path, line: block.lines.lowerBound,
            problem: known?.problem ?? "the run '\(name)' failed: \(error)",
            repair: known?.repair ?? "repair the run"))
      }
    }
  }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The page that shows a file of the package, each line with an identifier.
enum SourcePage {
  static func main(path: String, text: String) -> String {
    var html = HTML()
    html.raw("<p class=\"eyebrow\">Source</p>\n")
    html.block("h1 class=\"path\"", path)
    html.raw("<figure class=\"listing source\"><pre data-language=\"")
    html.escaped(path.split(separator: ".").last ?? "")
    html.raw("\" tabindex=\"0\" role=\"group\" aria-label=\"")
    html.escaped("Source of \(path)")
    html.raw("\"><code>")
    var lines = text.lines
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      html.raw("<span id=\"L\(index + 1)\" class=\"line\">")
      html.escaped(line)
      html.raw("\n</span>")
    }
    html.raw("</code></pre></figure>\n")
    return html.text
  }
}
