import FoundationEssentials

/// Builds the site: every page, checked, and put in place in one step.
package struct SiteBuilder {
  private let tree: SourceTree
  private let woven: any WovenSource
  private let reloads: Bool
  private let address: String?

  /// Creates a builder for the package at `tree`.
  ///
  /// - Parameters:
  ///   - reloads: Whether open pages reload by themselves when the site is built again.
  ///   - address: Where the site will be published. Only link previews and the page for what is
  ///     not found need it.
  package init(
    tree: SourceTree, woven: any WovenSource, reloads: Bool = false, address: String? = nil
  ) {
    self.tree = tree
    self.woven = woven
    self.reloads = reloads
    self.address = address.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
  }

  /// What a build produced.
  package struct Report: Sendable {
    package let pageCount: Int
    package let byteCount: Int
  }

  /// Builds the site into `folder`, replacing what was there.
  ///
  /// - Throws: ``InvalidPages`` when anything is wrong with the sources; nothing is written then.
  package func build(into folder: String) throws -> Report {
    let files = try render()
    try SiteFolder(path: folder).replace(with: files)
    return Report(
      pageCount: files.keys.count { $0.hasSuffix(".html") },
      byteCount: files.values.reduce(0) { $0 + $1.utf8.count })
  }

  /// The text of every file of the site, by its path.
  package func render() throws -> [String: String] {
    let book = Book(reading: tree)
    let plan = SitePlan(book)
    let highlighter = Highlighter.script(in: tree)
    let template = PageTemplate(
      plan: plan, reloads: reloads, highlights: highlighter != nil, address: address)
    var findings = book.findings + readMeFindings(plan)
    var sources: Set<String> = []
    var files = assets
    files["assets/prism.js"] = highlighter
    files["assets/search-index.js"] = try SearchIndex(plan).script()
    for page in plan.pages {
      var writer = PageWriter(
        page: page, links: LinkResolver(plan: plan, tree: tree, page: page), woven: woven)
      let main = writer.main(of: book)
      files[page.output] = template.html(
        of: PageTemplate.Page(
          output: page.output, title: page.title, description: writer.description, main: main,
          planned: page, headings: writer.headings))
      findings += writer.findings
      sources.formUnion(writer.linkedSources)
      files.merge(writer.drawingFiles) { first, _ in first }
    }
    if !findings.isEmpty { throw InvalidPages(findings) }
    let others = servicePages + sources.sorted().map(sourcePage)
    for page in others { files[page.output] = template.html(of: page) }
    return files
  }

  /// The pages that no file of the package stands behind.
  private var servicePages: [PageTemplate.Page] {
    [
      PageTemplate.Page(
        output: "search.html", title: "Search",
        description: "Search the lessons, the debates and the documentation of Fencelab.",
        main: ServicePage.search, isSearch: true),
      PageTemplate.Page(
        output: "404.html", title: "There is no such page",
        description: "Nothing lies at this address.", main: ServicePage.notFound),
    ]
  }

  /// The page that shows a file of the package.
  private func sourcePage(_ path: String) -> PageTemplate.Page {
    PageTemplate.Page(
      output: LinkResolver.sourcePage(of: path), title: path,
      description: "The file \(path) of Fencelab.",
      main: SourcePage.main(path: path, text: tree.text(of: path) ?? ""))
  }

  /// The front of the checkout is no page of the site, but its links must lead somewhere, too.
  private func readMeFindings(_ plan: SitePlan) -> [Finding] {
    guard tree.contains("README.md") else { return [] }
    let document = Document(reading: "README.md", in: tree)
    let page = SitePlan.Page(
      source: document.path, output: "README.html", title: document.title,
      content: .document(document), anchors: document.blocks.anchors)
    var renderer = HTMLRenderer(links: LinkResolver(plan: plan, tree: tree, page: page))
    renderer.render(document.blocks)
    return document.findings + renderer.links.findings
  }

  private var assets: [String: String] {
    var assets = [
      "assets/style.css": Assets.stylesheet,
      "assets/site.js": Assets.script,
      "assets/search.js": Assets.search,
      "assets/icon.svg": Assets.icon,
    ]
    if reloads {
      let stamp = Int(Date.now.timeIntervalSince1970 * 1000)
      assets["assets/reload.js"] = Assets.reload
      assets["assets/stamp.js"] = "fencelabStamp(\(stamp));\n"
    }
    return assets
  }
}

/// One page by itself, also when it has mistakes: what an author sees while writing.
package enum SitePreview {
  /// The HTML of a lesson's text, without the frame of the site.
  package static func html(of lesson: Lesson, in tree: SourceTree) -> String {
    let plan = SitePlan(Book(reading: tree))
    guard let page = plan.page(for: lesson.path) else { return "" }
    var renderer = HTMLRenderer(links: LinkResolver(plan: plan, tree: tree, page: page))
    renderer.render(lesson.blocks)
    return renderer.html.text
  }
}
