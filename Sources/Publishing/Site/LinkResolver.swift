/// Turns the links of one page into links of the site, and notes those that lead nowhere.
struct LinkResolver {
  /// Where a link leads.
  enum Target {
    case elsewhere(String)
    case here(String)
    /// Nothing to link to: the text stands alone.
    case none
  }

  let plan: SitePlan
  let tree: SourceTree

  /// The file whose links are resolved.
  var file: String

  /// The page they stand on.
  let output: String

  /// Identifiers on that page.
  let anchors: Set<String>

  private(set) var findings: [Finding] = []

  /// Files of the package that the page shows or links to.
  private(set) var linkedSources: Set<String> = []

  init(plan: SitePlan, tree: SourceTree, page: SitePlan.Page) {
    self.plan = plan
    self.tree = tree
    file = page.source
    output = page.output
    anchors = page.anchors
  }

  /// Resolves the destination of a link that stands in line `line`.
  mutating func resolve(_ destination: String, line: Int) -> Target {
    if let colon = destination.firstIndex(of: ":"),
      destination[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
    {
      return resolveScheme(destination[..<colon].lowercased(), destination, line: line)
    }
    let parts = destination.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let fragment = parts.count == 2 ? String(parts[1]) : nil
    if parts.isEmpty || parts[0].isEmpty {
      let name = fragment ?? ""
      if !anchors.contains(name) { missing(fragment: name, in: "this page", line: line) }
      return .here("#\(name)")
    }
    return resolveFile(String(parts[0]), fragment: fragment, line: line)
  }

  /// The link from this page to the page that shows the source at `path`.
  mutating func source(_ path: String) -> String {
    linkedSources.insert(path)
    return RelativePath.reference(from: output, to: Self.sourcePage(of: path))
  }

  /// Where the page that shows a file of the package lies in the site.
  static func sourcePage(of path: String) -> String { "source/\(path).html" }

  private mutating func resolveScheme(
    _ scheme: String, _ destination: String, line: Int
  ) -> Target {
    if ["https", "http", "mailto"].contains(scheme) { return .elsewhere(destination) }
    report(
      line, "links with '\(scheme):' are not followed", repair: "link with https:, or to a file")
    return .none
  }

  private mutating func resolveFile(_ path: String, fragment: String?, line: Int) -> Target {
    guard let target = RelativePath.resolve(path, from: file), tree.contains(target) else {
      report(
        line, "the link leads to '\(path)', which does not exist",
        repair: "correct the path; it is relative to this file")
      return .none
    }
    let suffix = fragment.map { "#\($0)" } ?? ""
    if let page = plan.page(for: target) {
      if let fragment, !page.anchors.contains(fragment) {
        missing(fragment: fragment, in: path, line: line)
      }
      return .here(RelativePath.reference(from: output, to: page.output) + suffix)
    }
    if tree.isFolder(target) { return .none }
    if let fragment, !isLine(fragment, of: target) {
      missing(fragment: fragment, in: path, line: line)
    }
    return .here(source(target) + suffix)
  }

  private func isLine(_ fragment: String, of path: String) -> Bool {
    guard fragment.first == "L", let number = Int(fragment.dropFirst()), number > 0 else {
      return false
    }
    return number <= tree.text(of: path)?.lines.count ?? 0
  }

  private mutating func missing(fragment: String, in place: String, line: Int) {
    report(
      line, "the link names '#\(fragment)', which is not in \(place)",
      repair: "use the identifier of a heading: its words in lower case joined by hyphens")
  }

  private mutating func report(_ line: Int, _ problem: String, repair: String) {
    findings.append(Finding(file: file, line: line, problem: problem, repair: repair))
  }
}
