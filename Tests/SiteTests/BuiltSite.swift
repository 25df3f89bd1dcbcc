import FoundationEssentials
import Publishing
import Testing

/// A site in a folder, built once for all tests of this target.
struct BuiltSite: Sendable {
  let folder: URL

  /// The text of every file by its path.
  let files: [String: String]

  /// The fixture course, which uses every block.
  static let sample = Result { try BuiltSite(course, SampleRuns(), as: "sample") }

  /// The kit's own lessons and pages, without its drawings.
  static let own = Result { try BuiltSite(kit, NoRuns(), as: "own") }

  static let course = SourceTree(
    root: tests.appending(path: "PublishingTests/Fixtures/course").path)
  static let kit = SourceTree(root: tests.deletingLastPathComponent().path)

  private static let tests = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Builds where one can look at it afterwards: `.build/test-sites` of the checkout.
  private init(_ tree: SourceTree, _ woven: any WovenSource, as name: String) throws {
    let sites = Self.tests.deletingLastPathComponent().appending(path: ".build/test-sites")
    try FileManager.default.createDirectory(at: sites, withIntermediateDirectories: true)
    folder = sites.appending(path: name)
    let builder = SiteBuilder(tree: tree, woven: woven)
    _ = try builder.build(into: folder.path)
    files = try builder.render()
  }

  /// The pages of the kit's own site, in order.
  static let ownPages = ((try? own.get().files.keys.sorted()) ?? []).filter {
    $0.hasSuffix(".html")
  }

  /// The attribute `data-report` of a document, which a script of a test filled with JSON.
  static func report<Report: Decodable>(_ type: Report.Type, in document: String) throws -> Report {
    let attribute = try #require(document.firstMatch(of: #/data-report="([^"]*)"/#)?.1)
    let json = attribute.replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    return try JSONDecoder().decode(Report.self, from: Data(json.utf8))
  }
}

/// Answers the runs that the fixture course names.
struct SampleRuns: WovenSource {
  func text(of kind: Block.OutputKind, run name: String, lesson: String) throws -> String { "" }

  func drawing(run name: String, lesson: String) throws -> String? {
    """
    <svg xmlns="http://www.w3.org/2000/svg" class="fl-drawing" viewBox="0 0 640 90" width="640" \
    role="img" aria-labelledby="w-title w-desc">
    <title id="w-title">The window</title>
    <desc id="w-desc">Two lanes; the waiter acts between the bit and the callbacks.</desc>
    <g fill="none" stroke="currentColor" stroke-width="2"><path d="M10 25h620M10 65h620"/></g>
    <rect x="200" y="15" width="180" height="20" fill="none" stroke="var(--fl-window)"/>
    <text x="210" y="12" fill="currentColor" font-size="12">window</text>
    </svg>
    """
  }
}
