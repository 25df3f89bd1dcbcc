import FoundationEssentials
import Publishing
import Testing

/// Every page of the kit's own site, audited in a real browser by axe-core.
///
/// `Fixtures/axe.min.js` is axe-core 4.12.1 (Mozilla Public License 2.0), unchanged; no page of the
/// site contains it.
@Suite(
  .enabled(
    if: Browser.installed != nil,
    "no Chromium found: install the package chromium, or set CHROMIUM to its path"))
struct AuditTests {
  /// Opens everything that is closed, then reports what is wrong with the page.
  static let probe = """
    <script src="AXE"></script>
    <script>
    addEventListener("load", async () => {
      for (const closed of document.querySelectorAll("details")) {
        closed.removeAttribute("name");
        closed.open = true;
      }
      document.querySelector(".stepper button")?.click();
      const wrong = [];
      if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
      for (const link of document.querySelectorAll('a[href^="#"]')) {
        const name = decodeURIComponent(link.hash.slice(1));
        if (!document.getElementById(name)) wrong.push("leads nowhere: " + link.hash);
      }
      const page = document.documentElement;
      if (page.scrollWidth > innerWidth) wrong.push(`${page.scrollWidth} of ${innerWidth} pixels`);
      const found = await axe.run(document, {
        iframes: false, preload: false, runOnly: TAGS,
      });
      for (const { id, nodes } of found.violations) {
        for (const node of nodes.slice(0, 2)) {
          wrong.push(`${id}: ${node.html.slice(0, 160)} (${node.any[0]?.message ?? ""})`);
        }
      }
      parent.postMessage({ wrong, rules: found.passes.length }, "*");
    });
    </script>
    """
    .replacing("TAGS", with: "[\"wcag2a\", \"wcag2aa\", \"wcag21a\", \"wcag21aa\", \"wcag22aa\"]")

  /// Opens one page after the other, in two widths each, and keeps what they report.
  static func harness(_ pages: [String]) -> String {
    """
    <!doctype html><title>harness</title>
    <script>
    const pages = \(pages);
    const turns = pages.flatMap((page) => [[page, 320], [page, 1280]]);
    const report = { wrong: [], audited: 0, rules: 0 };
    const next = () => {
      document.querySelector("iframe")?.remove();
      const [page, width] = turns.shift() ?? [];
      if (!page) {
        document.documentElement.dataset.report = JSON.stringify(report);
        return;
      }
      onmessage = ({ data }) => {
        report.audited += 1;
        report.rules += data.rules;
        for (const text of data.wrong) report.wrong.push(`${page} at ${width}: ${text}`);
        next();
      };
      const frame = document.createElement("iframe");
      Object.assign(frame, { width, height: 900, src: page });
      document.body.append(frame);
    };
    addEventListener("load", next);
    </script>
    <body></body>
    """
  }

  struct Report: Decodable {
    let wrong: [String]
    let audited: Int
    let rules: Int
  }

  @Test(arguments: [false, true])
  func `no page has a fault that the audit finds, in either scheme`(isDark: Bool) throws {
    let browser = try #require(Browser.installed)
    let pages = BuiltSite.ownPages
    let site = try BuiltSite.own.get()
    let folder = FileManager.default.temporaryDirectory.appending(path: "fencelab-audit-\(isDark)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.copyItem(at: site.folder, to: folder)
    for page in pages {
      let text = try #require(site.files[page])
      let probe = Self.probe.replacing("AXE", with: Self.axe.absoluteString)
      try Data((text + probe).utf8).write(to: folder.appending(path: page))
    }
    let harness = folder.appending(path: "harness.html")
    let visited = pages + ["search.html?q=lock"]
    try Data(Self.harness(visited).utf8).write(to: harness)
    let (document, console) = try browser.open(harness, budget: .seconds(600), isDark: isDark)
    let report = try BuiltSite.report(Report.self, in: document)
    #expect(console.isEmpty)
    #expect(report.wrong == [])
    #expect(report.audited == 2 * visited.count)
    #expect(report.rules > 10 * pages.count)
  }

  @Test func `the audit finds a fault`() throws {
    let browser = try #require(Browser.installed)
    let folder = FileManager.default.temporaryDirectory.appending(path: "fencelab-faulty")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let page = "<!doctype html><html><title>x</title><h1>x</h1><input><p style='width:50em'>x"
    let probe = Self.probe.replacing("AXE", with: Self.axe.absoluteString)
    try Data((page + probe).utf8).write(to: folder.appending(path: "page.html"))
    let harness = folder.appending(path: "harness.html")
    try Data(Self.harness(["page.html"]).utf8).write(to: harness)
    let report = try BuiltSite.report(
      Report.self, in: browser.open(harness, budget: .seconds(60)).document)
    for fault in ["html-has-lang", "label", "of 320 pixels"] {
      #expect(report.wrong.contains { $0.contains(fault) }, "\(fault)")
    }
  }

  private static let axe = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/axe.min.js")
}
