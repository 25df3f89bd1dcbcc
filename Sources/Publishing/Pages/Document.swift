/// A page of the documentation: plain Markdown whose first heading is its title.
package struct Document: Sendable {
  /// The Markdown file, relative to the root of the package.
  package let path: String

  package let title: String

  /// Everything below the title.
  package let blocks: [Block]

  /// What was wrong in the file.
  package let findings: [Finding]

  /// The first paragraph: what the page is about.
  package var summary: String {
    for block in blocks {
      if case .paragraph(let content) = block.kind { return content.plainText }
    }
    return ""
  }

  /// Reads the Markdown file at `path`.
  package init(reading path: String, in tree: SourceTree) {
    var reader = PageReader(file: path)
    var blocks = reader.read(tree.text(of: path) ?? "")
    var title = String(path.split(separator: "/").last?.dropLast(3) ?? "")
    if case .heading(let heading)? = blocks.first?.kind, heading.level == 1 {
      title = heading.content.plainText
      blocks.removeFirst()
    } else {
      reader.report(1, "the page has no title", repair: "begin it with '# Title'")
    }
    self.path = path
    self.title = title
    self.blocks = blocks
    findings = reader.findings
  }
}
