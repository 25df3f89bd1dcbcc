import FoundationEssentials
import Publishing
import Testing

/// What the scripts of a page do when somebody uses it.
@Suite(
  .enabled(
    if: Browser.installed != nil,
    "no Chromium found: install the package chromium, or set CHROMIUM to its path"))
struct InteractionTests {
  private static let lesson = "lessons/06-the-signaled-bit.html"

  /// Runs `script` in a page of the kit's own site; what it assigns to `report` comes back.
  private func run<Report: Decodable>(
    _ script: String, in page: String = lesson, as type: Report.Type
  ) throws -> Report {
    let browser = try #require(Browser.installed)
    let site = try BuiltSite.own.get()
    let text = try #require(site.files[page])
    let copy = site.folder.appending(path: page).deletingLastPathComponent()
      .appending(path: "used-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: copy) }
    let probe = """
      <script>addEventListener("load", () => {
      const report = {};
      \(script)
      document.documentElement.dataset.report = JSON.stringify(report);
      });</script>
      """
    try Data((text + probe).utf8).write(to: copy)
    let (document, console) = try browser.open(copy)
    #expect(console.isEmpty)
    return try BuiltSite.report(type, in: document)
  }

  struct Steps: Decodable {
    let before: Int
    let rows: Int
    let shown: [Int]
    let spoken: String
    let isHiddenFirst: Bool
    let isShownLast: Bool
    let afterwards: Int
  }

  @Test func `a schedule hides what has not happened yet, and shows it step by step`() throws {
    let script = """
      const table = document.querySelector("table.lanes");
      const bar = table.closest("figure").querySelector(".stepper");
      const message = table.closest("figure").querySelector(".message");
      const isSeen = (part) => getComputedStyle(part.children[0] ?? part).visibility === "visible";
      const seen = () => [...table.tBodies[0].rows].filter(isSeen).length;
      report.before = seen();
      report.rows = table.tBodies[0].rows.length;
      bar.querySelector("button").click();
      const [back, forward, all] = bar.querySelectorAll("button");
      report.shown = [seen()];
      report.isHiddenFirst = !isSeen(message);
      forward.click();
      report.shown.push(seen());
      report.spoken = bar.querySelector("input").getAttribute("aria-valuetext");
      forward.click();
      back.click();
      report.shown.push(seen());
      const slider = bar.querySelector("input");
      slider.value = slider.max;
      slider.dispatchEvent(new Event("input"));
      report.shown.push(seen());
      report.isShownLast = isSeen(message);
      all.click();
      report.afterwards = seen();
      """
    let steps = try run(script, as: Steps.self)
    #expect(steps.rows > 2)
    #expect(steps.before == steps.rows)
    #expect(steps.shown == [0, 1, 1, steps.rows])
    // Which line stands there is the schedule's: who takes the step, where, and something of it.
    let spoken = steps.spoken.split(separator: "cpu 0: signaler: ")
    #expect(spoken.count == 2 && spoken.last?.contains("(") == true, "\(steps.spoken)")
    #expect(steps.isHiddenFirst)
    #expect(steps.isShownLast)
    #expect(steps.afterwards == steps.rows)
  }

  struct Keys: Decodable {
    let taken: [String]
    let keys: [String]
  }

  @Test func `no plain key is taken from the reader`() throws {
    let script = """
      report.taken = [];
      const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", " ", "/", "n", "p", "s", "k"];
      for (const key of keys) {
        const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
        if (event.defaultPrevented) report.taken.push(key);
      }
      report.keys = [...document.querySelectorAll("[accesskey]")].map((one) => one.accessKey).sort();
      """
    let keys = try run(script, as: Keys.self)
    #expect(keys.taken == [])
    #expect(keys.keys == ["c", "n", "p", "s"])
  }

  struct Colours: Decodable {
    let keyword: String
    let text: String
    let lines: Int
    let isWhole: Bool
  }

  @Test func `listings and sources are coloured, and their text stays what it was`() throws {
    let script = """
      const code = document.querySelector("pre[data-language] > code");
      report.keyword = getComputedStyle(code.querySelector(".keyword")).color;
      report.text = getComputedStyle(code).color;
      report.lines = code.children.length;
      report.isWhole = code.textContent.includes("func signalHoldingLock(at timestamp: UInt64)");
      """
    let page = "source/Sources/Fences/Fence+Signaling.swift.html"
    let colours = try run(script, in: page, as: Colours.self)
    #expect(colours.keyword != colours.text)
    #expect(colours.isWhole)
    let source = try #require(BuiltSite.kit.text(of: "Sources/Fences/Fence+Signaling.swift"))
    #expect(colours.lines == source.count { $0 == "\n" })
  }

  @Test func `an open page of a watched site loads again when the site is built again`() throws {
    let browser = try #require(Browser.installed)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "fencelab-watched-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let builder = SiteBuilder(tree: BuiltSite.course, woven: SampleRuns(), reloads: true)
    _ = try builder.build(into: folder.path)
    // As if it were built again once, five seconds after the page was opened first.
    let stamp = """
      {
        const opened = Number(name ||= Date.now());
        document.documentElement.dataset.loads = performance.getEntriesByType("navigation")[0].type;
        fencelabStamp(Date.now() - opened < 5000 ? 1 : 2);
      }
      """
    try Data(stamp.utf8).write(to: folder.appending(path: "assets/stamp.js"))
    let page = folder.appending(path: "index.html")
    let before = try browser.open(page, budget: .seconds(2)).document
    #expect(before.contains("data-loads=\"navigate\""))
    let after = try browser.open(page, budget: .seconds(9)).document
    #expect(after.contains("data-loads=\"reload\""))
  }
}
