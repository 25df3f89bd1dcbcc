/// The frame around every page: head, navigation, landmarks.
struct PageTemplate {
  let plan: SitePlan

  /// Whether open pages reload when the site is built again.
  let reloads: Bool

  /// Whether listings are coloured by the script that a checkout brings along.
  let highlights: Bool

  /// Where the site will be published, with a slash at its end; nil where nobody knows.
  let address: String?

  /// What a page hands to its frame.
  struct Page {
    /// Where it lies in the site.
    let output: String
    let title: String
    let description: String
    /// The HTML inside `main`, which holds the one `h1`.
    let main: String
    /// Its place in the reading order, if it has one.
    var planned: SitePlan.Page?
    var headings: [Block.Heading] = []
    var isSearch = false
  }

  /// The whole page.
  func html(of page: Page) -> String {
    var html = HTML()
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    let neighbours = page.planned.map { plan.neighbours(of: $0) }
    head(of: page, into: &html)
    relation("prev", neighbours?.previous, from: page.output, into: &html)
    relation("next", neighbours?.next, from: page.output, into: &html)
    html.raw("</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the text</a>\n")
    header(of: page, into: &html)
    html.raw("<div class=\"frame\">\n")
    navigation(of: page, into: &html)
    html.raw("<main id=\"main\" tabindex=\"-1\">\n")
    html.raw(page.main)
    if let neighbours { links(to: neighbours, from: page.output, into: &html) }
    html.raw("</main>\n</div>\n<footer><p>Fencelab: GPU fences, one interleaving at a time.</p>\n")
    html.raw("<p class=\"keys\">With your browser’s access key: <kbd>S</kbd> search, ")
    html.raw("<kbd>C</kbd> contents, <kbd>N</kbd> next page, <kbd>P</kbd> previous page.</p>")
    html.raw("</footer>\n</body>\n</html>\n")
    return html.text
  }

  private func head(of page: Page, into html: inout HTML) {
    let assets = RelativePath.reference(from: page.output, to: "assets/x").dropLast()
    let title = page.title == "Fencelab" ? page.title : "\(page.title) · Fencelab"
    // A page that is served wherever nothing else is found cannot use links relative to itself.
    if page.planned == nil, page.output == "404.html", let address {
      html.raw("<base href=\"\(HTML.attribute(address))\">\n")
    }
    html.block("title", title)
    func meta(_ kind: String, _ name: String, _ content: String) {
      html.raw("<meta \(kind)=\"\(name)\" content=\"\(HTML.attribute(content))\">\n")
    }
    meta("name", "viewport", "width=device-width, initial-scale=1")
    meta("name", "color-scheme", "light dark")
    meta("name", "description", page.description)
    meta("property", "og:site_name", "Fencelab")
    meta("property", "og:type", page.output == "index.html" ? "website" : "article")
    meta("property", "og:title", page.title)
    meta("property", "og:description", page.description)
    meta("name", "twitter:card", "summary")
    if let address {
      meta("property", "og:url", address + page.output)
      html.raw("<link rel=\"canonical\" href=\"\(HTML.attribute(address + page.output))\">\n")
    }
    html.raw("<link rel=\"icon\" href=\"\(assets)icon.svg\" type=\"image/svg+xml\">\n")
    html.raw("<link rel=\"stylesheet\" href=\"\(assets)style.css\">\n")
    var scripts = highlights && page.main.contains("<pre") ? ["prism.js"] : []
    scripts.append("site.js")
    if page.isSearch { scripts.append("search.js") }
    if reloads { scripts.append("reload.js") }
    for script in scripts { html.raw("<script src=\"\(assets)\(script)\" defer></script>\n") }
  }

  private func relation(
    _ name: String, _ page: SitePlan.Page?, from output: String, into html: inout HTML
  ) {
    guard let page else { return }
    let target = RelativePath.reference(from: output, to: page.output)
    html.raw("<link rel=\"\(name)\" href=\"\(HTML.attribute(target))\">\n")
  }

  private func header(of page: Page, into html: inout HTML) {
    func link(_ target: String) -> String {
      RelativePath.reference(from: page.output, to: target)
    }
    html.raw("<header><a class=\"home\" href=\"\(link("index.html"))\">")
    html.raw("<span class=\"logo\" aria-hidden=\"true\"></span>Fencelab</a>\n")
    if !page.isSearch {
      html.raw("<form class=\"search\" role=\"search\" action=\"\(link("search.html"))\">")
      html.raw("<input name=\"q\" type=\"search\" aria-label=\"Search\" placeholder=\"Search\" ")
      html.raw("accesskey=\"s\" autocomplete=\"off\" spellcheck=\"false\"></form>\n")
    }
    html.raw("<a class=\"menu\" href=\"#contents\" accesskey=\"c\">Contents</a></header>\n")
  }

  private func navigation(of page: Page, into html: inout HTML) {
    html.raw("<nav id=\"contents\" aria-label=\"Contents\" tabindex=\"-1\">\n")
    html.raw("<a class=\"close\" href=\"#main\">Close</a>\n")
    for section in SitePlan.Section.allCases {
      let lines = plan.pages.filter { $0.section == section }.compactMap { listed in
        line(for: listed, current: page.planned).map { (page: listed, $0.number, $0.isNested) }
      }
      if lines.isEmpty { continue }
      html.block("p class=\"nav-title\"", section.rawValue)
      html.raw("<ul>\n")
      for (listed, number, isNested) in lines {
        html.raw("<li\(isNested ? " class=\"nested\"" : "")><a href=\"")
        html.escaped(RelativePath.reference(from: page.output, to: listed.output))
        let isCurrent = listed.output == page.output
        html.raw(isCurrent ? "\" aria-current=\"page\">" : "\">")
        if let number { html.raw("<span class=\"number\">\(number)</span> ") }
        html.escaped(listed.title)
        html.raw("</a>")
        if isCurrent { outline(page.headings, into: &html) }
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
      let key = word.prefix(1).lowercased()
      html.raw("<a class=\"\(word.lowercased())\" href=\"\(target)\" accesskey=\"\(key)\">")
      html.raw("<span>\(word)")
      // Exercises of several lessons have the same title.
      if case .exercise(let exercise, _) = page.content { html.raw(" · \(exercise.label)") }
      html.raw("</span> ")
      html.escaped(page.title)
      html.raw("</a>\n")
    }
    html.raw("</nav>\n")
  }
}
