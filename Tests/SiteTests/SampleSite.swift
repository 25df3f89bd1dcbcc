import FoundationEssentials
import Publishing

/// The fixture course as a built site, once for all tests of this target.
enum SampleSite {
  /// Root of the fixture course, shared with PublishingTests.
  static let course = SourceTree(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "PublishingTests/Fixtures/course").path)

  /// Every file of the site by its path, and the folder in which they lie.
  static let built = Result { () -> (folder: URL, files: [String: String]) in
    let manager = FileManager.default
    let environment = ProcessInfo.processInfo.environment
    let folder =
      environment["FENCELAB_SAMPLE_SITE"].map { URL(filePath: $0) }
      ?? manager.temporaryDirectory.appending(path: "fencelab-site-\(UUID().uuidString)")
    let builder = SiteBuilder(tree: course, woven: SampleRuns())
    _ = try builder.build(into: folder.path)
    return (folder, try builder.render())
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
