/// The frame around every page: head, navigation, landmarks.
struct PageTemplate {
  let plan: SitePlan

  /// Lines for the navigation, in order.
  let sections: [NavigationSection]

  /// Whether open pages reload when the site is built again.
  let reloads: Bool

  /// A group of pages in the navigation.
  struct NavigationSection: Sendable {
    let title: String
    let pages: [SitePlan.Page]
  }

  init(plan: SitePlan, reloads: Bool) {
    self.plan = plan
    self.reloads = reloads
    let lessons = plan.pages.filter {
      switch $0.content {
      case .lesson, .exercise: true
      case .front, .document: false
      }
    }
    let documents = plan.pages.filter {
      if case .document = $0.content { true } else { false }
    }
    sections = [
      NavigationSection(title: "Lessons", pages: lessons),
      NavigationSection(title: "Documentation", pages: documents),
    ].filter { !$0.pages.isEmpty }
  }

  /// The whole page around `main`, which holds the one `h1`.
  func page(
    output: String, title: String, description: String, main: String, current: SitePlan.Page?,
    headings: [Block.Heading] = []
  ) -> String {
    var html = HTML()
    let assets = RelativePath.reference(from: output, to: "assets/x").dropLast()
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
    html.escaped(title == "Fencelab" ? title : "\(title) · Fencelab")
    html.raw("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
    html.raw("<meta name=\"description\" content=\"\(HTML.attribute(description))\">\n")
    html.raw("<link rel=\"icon\" href=\"\(assets)icon.svg\" type=\"image/svg+xml\">\n")
    html.raw("<link rel=\"stylesheet\" href=\"\(assets)style.css\">\n")
    html.raw("<script src=\"\(assets)site.js\" defer></script>\n")
    if reloads { html.raw("<script src=\"\(assets)reload.js\" defer></script>\n") }
    let neighbours = current.map { plan.neighbours(of: $0) }
    relation("prev", neighbours?.previous, from: output, into: &html)
    relation("next", neighbours?.next, from: output, into: &html)
    html.raw("</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the text</a>\n")
    header(from: output, into: &html)
    html.raw("<div class=\"frame\">\n")
    navigation(from: output, current: current, headings: headings, into: &html)
    html.raw("<main id=\"main\" tabindex=\"-1\">\n")
    html.raw(main)
    if let neighbours { links(to: neighbours, from: output, into: &html) }
    html.raw("</main>\n</div>\n<footer><p>Fencelab: GPU fences, one interleaving at a time.</p>")
    html.raw("</footer>\n</body>\n</html>\n")
    return html.text
  }

  private func relation(
    _ name: String, _ page: SitePlan.Page?, from output: String, into html: inout HTML
  ) {
    guard let page else { return }
    let target = RelativePath.reference(from: output, to: page.output)
    html.raw("<link rel=\"\(name)\" href=\"\(HTML.attribute(target))\">\n")
  }

  private func header(from output: String, into html: inout HTML) {
    let home = RelativePath.reference(from: output, to: "index.html")
    html.raw(
      "<header><a class=\"home\" href=\"\(home)\"><span class=\"mark\" aria-hidden=\"true\">")
    html.raw("</span>Fencelab</a> <a class=\"menu\" href=\"#contents\">Contents</a></header>\n")
  }

  private func navigation(
    from output: String, current: SitePlan.Page?, headings: [Block.Heading],
    into html: inout HTML
  ) {
    html.raw("<nav id=\"contents\" aria-label=\"Contents\" tabindex=\"-1\">\n")
    html.raw("<a class=\"close\" href=\"#main\">Close</a>\n")
    for section in sections {
      html.block("p class=\"nav-title\"", section.title)
      html.raw("<ul>\n")
      for page in section.pages {
        guard let line = line(for: page, current: current) else { continue }
        html.raw("<li\(line.isNested ? " class=\"nested\"" : "")><a href=\"")
        html.escaped(RelativePath.reference(from: output, to: page.output))
        let isCurrent = page.output == output
        html.raw(isCurrent ? "\" aria-current=\"page\">" : "\">")
        if let number = line.number { html.raw("<span class=\"number\">\(number)</span> ") }
        html.escaped(page.title)
        html.raw("</a>")
        if isCurrent { outline(headings, into: &html) }
        html.raw("</li>\n")
      }
      html.raw("</ul>\n")
    }
    html.raw("</nav>\n")
  }

  /// How a page shows in the navigation; exercises only beside their own lesson.
  private func line(
    for page: SitePlan.Page, current: SitePlan.Page?
  ) -> (number: String?, isNested: Bool)? {
    switch page.content {
    case .lesson(let lesson):
      return (lesson.number < 10 ? "0\(lesson.number)" : "\(lesson.number)", false)
    case .exercise(let exercise, let lesson):
      switch current?.content {
      case .lesson(let open) where open.id == lesson.id,
        .exercise(_, of: let open) where open.id == lesson.id:
        return ("\(exercise.number)", true)
      default: return nil
      }
    case .front, .document: return (nil, false)
    }
  }

  private func outline(_ headings: [Block.Heading], into html: inout HTML) {
    let headings = headings.filter { $0.level == 2 }
    guard headings.count > 1 else { return }
    html.raw("\n<ul class=\"outline\">\n")
    for heading in headings {
      html.raw("<li><a href=\"#\(HTML.attribute(heading.id))\">")
      html.escaped(heading.content.plainText)
      html.raw("</a></li>\n")
    }
    html.raw("</ul>")
  }

  private func links(
    to neighbours: (previous: SitePlan.Page?, next: SitePlan.Page?), from output: String,
    into html: inout HTML
  ) {
    html.raw("<nav class=\"turn\" aria-label=\"Previous and next page\">\n")
    for (page, word) in [(neighbours.previous, "Previous"), (neighbours.next, "Next")] {
      guard let page else { continue }
      let target = HTML.attribute(RelativePath.reference(from: output, to: page.output))
      html.raw("<a class=\"\(word.lowercased())\" href=\"\(target)\"><span>\(word)</span> ")
      html.escaped(page.title)
      html.raw("</a>\n")
    }
    html.raw("</nav>\n")
  }
}
