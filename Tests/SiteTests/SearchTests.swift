import Foundation
import Publishing
import Testing

/// The search, as a reader uses it: from `file://`, with no server behind it.
struct SearchTests {
  /// The entries of the index: page, link, heading, words.
  private func entries() throws -> [[String]] {
    let script = try #require(try BuiltSite.own.get().files["assets/search-index.js"])
    let start = try #require(script.firstIndex(of: "("))
    let end = try #require(script.lastIndex(of: ")"))
    let json = script[script.index(after: start)..<end]
    return try JSONDecoder().decode([[String]].self, from: Data(json.utf8))
  }

  @Test func `every entry of the index leads to a place that exists`() throws {
    let files = try BuiltSite.own.get().files
    let entries = try entries()
    #expect(entries.count > 150)
    for entry in entries {
      let parts = entry[1].split(separator: "#")
      let page = try #require(files[String(parts[0])], "\(entry[1])")
      if parts.count == 2 { #expect(page.contains("id=\"\(parts[1])\""), "\(entry[1])") }
    }
  }

  @Test func `answers and hints are not in the index`() throws {
    let script = try #require(try BuiltSite.sample.get().files["assets/search-index.js"])
    #expect(script.contains("The failing schedule"))
    #expect(!script.contains("knows nothing of callbacks"))
    #expect(!script.contains("Almost the answer"))
  }

  @Test(
    .enabled(if: Browser.installed != nil, "no Chromium found"),
    arguments: [
      ("dma_fence_check_and_signal", "documentation/Debates/signal-with-error.html"),
      ("koenig padding", "documentation/Debates/what-a-cache-line-costs.html#padding"),
      ("GRACE period", "documentation/Glossary.html#what-driver-code-stands-on"),
    ])
  func `the search finds`(words: String, place: String) throws {
    let (document, console) = try search(words)
    #expect(console.isEmpty)
    #expect(document.contains("<a href=\"\(place)"), "\(words)")
    #expect(document.contains("<mark>"))
  }

  @Test(.enabled(if: Browser.installed != nil, "no Chromium found"))
  func `the search says that it found nothing`() throws {
    let (document, console) = try search("signaled xyzzy")
    #expect(console.isEmpty)
    #expect(document.contains("Nothing has all of these words."))
    #expect(!document.contains("<mark>"))
  }

  private func search(_ words: String) throws -> (document: String, console: String) {
    let browser = try #require(Browser.installed)
    let page = try BuiltSite.own.get().folder.appending(path: "search.html")
    return try browser.open(page.appending(queryItems: [URLQueryItem(name: "q", value: words)]))
  }
}
