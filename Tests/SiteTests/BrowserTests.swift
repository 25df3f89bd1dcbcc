import Foundation
import Testing

/// The site in a real browser, opened from `file://`.
@Suite(
  .enabled(
    if: Browser.installed != nil,
    "no Chromium found: install the package chromium, or set CHROMIUM to its path"))
struct BrowserTests {
  /// Follows every link of a page in the page itself and reports what is broken.
  static let probe = """
    <script>
    addEventListener("load", () => {
      const report = { h1: document.querySelectorAll("h1").length, broken: [], wide: [] };
      for (const link of document.querySelectorAll('a[href^="#"]')) {
        const name = decodeURIComponent(link.hash.slice(1));
        if (!document.getElementById(name)) report.broken.push(link.hash);
      }
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
      report.twins = ids.filter((id, index) => ids.indexOf(id) !== index);
      report.overflow = document.documentElement.scrollWidth > innerWidth;
      report.scripted = document.querySelectorAll("button.copy").length;
      report.styled = getComputedStyle(document.body).getPropertyValue("--paper") !== "";
      parent.postMessage(JSON.stringify(report), "*");
    });
    </script>
    """

  /// Shows a page as wide as a small telephone, and keeps what it reports.
  static func harness(_ page: String) -> String {
    """
    <!doctype html><title>harness</title>
    <script>
    addEventListener("message", (event) => {
      document.documentElement.dataset.report = event.data;
    });
    </script>
    <iframe src="\(page)" width="320" height="900"></iframe>
    """
  }

  struct Report: Decodable {
    let h1: Int
    let broken: [String]
    let twins: [String]
    let overflow: Bool
    let styled: Bool
  }

  static let pages = [
    "index.html", "lessons/06-the-signaled-bit.html",
    "exercises/06-the-signaled-bit/1-break-it.html", "documentation/Glossary.html",
    "source/Sources/Sample.swift.html",
  ]

  @Test(arguments: pages)
  func `a page opens without complaint and fits a narrow screen`(page: String) throws {
    try expectSound(page, of: BuiltSite.sample.get())
  }

  private func expectSound(_ page: String, of site: BuiltSite) throws {
    let browser = try #require(Browser.installed)
    let html = try #require(site.files[page])
    let place = site.folder.appending(path: page).deletingLastPathComponent()
    let name = UUID().uuidString
    let probed = place.appending(path: "\(name).html")
    let harness = place.appending(path: "\(name)-harness.html")
    defer {
      try? FileManager.default.removeItem(at: probed)
      try? FileManager.default.removeItem(at: harness)
    }
    try (html + Self.probe).write(to: probed, atomically: true, encoding: .utf8)
    try Self.harness("\(name).html").write(to: harness, atomically: true, encoding: .utf8)
    let (document, console) = try browser.open(harness)
    #expect(console.isEmpty)
    let report = try BuiltSite.report(Report.self, in: document)
    #expect(report.h1 == 1)
    #expect(report.broken == [])
    #expect(report.twins == [])
    #expect(report.styled)
    #expect(!report.overflow)
  }

  @Test func `without scripts everything can still be read`() throws {
    let browser = try #require(Browser.installed)
    let site = try BuiltSite.sample.get()
    let html = try #require(site.files["lessons/06-the-signaled-bit.html"])
    let page = site.folder.appending(path: "lessons/no-scripts.html")
    let silent = html.replacing(#/<script[^>]*><\/script>/#, with: "")
    try silent.write(to: page, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: page) }
    let (document, console) = try browser.open(page)
    #expect(console.isEmpty)
    #expect(!document.contains("class=\"copy\""))
    #expect(document.contains("knows nothing of callbacks"))
    #expect(document.contains("the signaler walks into freed memory"))
  }
}
