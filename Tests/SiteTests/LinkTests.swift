import Publishing
import Testing

/// Every link of the built site, followed without a browser.
struct LinkTests {
  @Test func `every internal link and fragment resolves`() throws {
    try expectLinksResolve(BuiltSite.sample.get().files)
  }

  @Test func `every link of the kit's own site resolves`() throws {
    try expectLinksResolve(BuiltSite.own.get().files)
  }

  private func expectLinksResolve(_ files: [String: String]) throws {
    var followed = 0
    for (page, html) in files where page.hasSuffix(".html") {
      for match in html.matches(of: #/(?:href|src)="([^"]*)"/#) {
        let target = String(match.1)
        if target.hasPrefix("https://") { continue }
        let parts = target.split(separator: "#", omittingEmptySubsequences: false)
        let file = parts[0].isEmpty ? page : RelativePath.resolve(String(parts[0]), from: page)
        let text = try #require(files[file ?? ""], "\(page) links to \(target)")
        if parts.count == 2 {
          #expect(text.contains("id=\"\(parts[1])\""), "\(page) links to \(target)")
        }
        followed += 1
      }
    }
    #expect(followed > 50)
  }

  @Test func `every page has a title of its own, a language, and landmarks`() throws {
    let files = try BuiltSite.sample.get().files
    var titles: Set<Substring> = []
    for (page, html) in files where page.hasSuffix(".html") {
      let title = try #require(html.firstMatch(of: #/<title>([^<]+)<\/title>/#)?.1)
      #expect(titles.insert(title).inserted, "\(page): \(title)")
      #expect(html.contains("<html lang=\"en\">"))
      #expect(html.contains("<a class=\"skip\" href=\"#main\">"))
      for landmark in ["<header>", "<nav ", "<main ", "<footer>"] {
        #expect(html.contains(landmark), "\(page) has no \(landmark)")
      }
      #expect(html.split(separator: "<h1").count == 2, "\(page)")
    }
  }

  @Test func `every page can be previewed`() throws {
    for (page, html) in try BuiltSite.own.get().files where page.hasSuffix(".html") {
      for name in ["og:title", "og:description"] {
        let content = html.firstMatch(of: try Regex("property=\"\(name)\" content=\"([^\"]+)\""))
        let words = try #require(content?.output[1].substring, "\(page) has no \(name)")
        #expect(words.count <= 240, "\(page)")
      }
      #expect(!html.contains("rel=\"canonical\""))
    }
  }

  @Test func `a site that knows its address says so, also where nothing is found`() throws {
    let address = "https://example.org/lab"
    let builder = SiteBuilder(tree: BuiltSite.course, woven: SampleRuns(), address: address)
    let files = try builder.render()
    let glossary = try #require(files["documentation/Glossary.html"])
    #expect(glossary.contains("rel=\"canonical\" href=\"\(address)/documentation/Glossary.html\""))
    #expect(!glossary.contains("<base"))
    let notFound = try #require(files["404.html"])
    #expect(notFound.contains("<base href=\"\(address)/\">"))
    #expect(notFound.contains("href=\"assets/style.css\""))
  }

  @Test func `headings skip no level`() throws {
    for (page, html) in try BuiltSite.sample.get().files where page.hasSuffix(".html") {
      var level = 0
      for match in html.matches(of: #/<h([1-6])/#) {
        let next = try #require(Int(match.1))
        #expect(next <= level + 1, "\(page)")
        level = next
      }
    }
  }

  @Test func `nothing is fetched from elsewhere`() throws {
    for (page, text) in try BuiltSite.sample.get().files {
      #expect(
        text.firstMatch(of: #/(?:src=|url\(|@import|<link[^>]*href=)["']?https?:/#) == nil,
        "\(page)")
    }
  }
}

/// Pages that stay open while their author writes.
struct ReloadTests {
  @Test func `only a watched site reloads`() throws {
    let still = try BuiltSite.sample.get().files
    #expect(still["assets/reload.js"] == nil)
    #expect(still["index.html"]?.contains("reload.js") == false)
    let builder = SiteBuilder(tree: BuiltSite.course, woven: SampleRuns(), reloads: true)
    let watched = try builder.render()
    #expect(watched["assets/stamp.js"]?.hasPrefix("fencelabStamp(") == true)
    #expect(watched["index.html"]?.contains("src=\"assets/reload.js\"") == true)
  }
}
