import Publishing
import Testing

/// What is wrong with a page is said with file, line and repair.
struct FindingsTests {
  @Test(arguments: [
    ("[x](missing.md)\n", ":7: the link leads to 'missing.md', which does not exist; "),
    ("a\n[x](#nowhere)\n", ":8: the link names '#nowhere', which is not in this page; "),
    ("[x](lesson.md#nowhere)\n", ":7: the link names '#nowhere', which is not in lesson.md; "),
    ("[x](../../../up.md)\n", ":7: the link leads to '../../../up.md', which does not exist; "),
    ("[x](javascript:alert)\n", ":7: links with 'javascript:' are not followed; "),
    ("a\n\n<b>x</b>\n", ":9: raw HTML is not rendered; "),
    ("<script>alert(1)</script>\n", ":7: raw HTML is not rendered; "),
    ("```mermaid\n```\n", ":7: there is no block 'mermaid'; "),
    ("```swift form=x\n```\n", ":7: a swift block has no option 'form'; "),
    ("```schedule\n```\n", ":7: the schedule does not say which run it shows; "),
    ("~~~note\na\n\n[x](gone.md)\n~~~\n", ":10: the link leads to 'gone.md'"),
    ("```table\n| a | b |\n| 1 |\n```\n", ":9: the row has 1 cells, the heading row 2; "),
    ("```quiz id=a kind=why\nQ?\n- [x] a :: b\n- [ ] c\n```\n", ":10: the option has no feedback"),
    ("```quiz kind=why\nQ?\n- [x] a :: b\n- [ ] c :: d\n```\n", ":7: the quiz has no id; "),
    ("```sources\nno list\n```\n", ":7: the sources are not one numbered list"),
    ("![](lesson.md)\n", ":7: the image has no alternative text; "),
  ])
  func `a mistake is found`(body: String, expected: String) throws {
    let findings = try Fixture.findings(lesson: body)
    #expect(
      findings.contains { $0.hasPrefix("Lessons/01-a/lesson.md\(expected)") },
      "\(findings.joined(separator: "\n"))")
  }

  @Test func `a page without mistakes is not accused`() throws {
    #expect(try Fixture.findings(lesson: "## A\n\n[a](#a), [self](lesson.md#a)\n") == [])
  }

  @Test func `front matter says what it lacks and what it does not know`() throws {
    let text = "---\ntitle: A\nauthor: B\nminutes: soon\n---\nText.\n"
    let findings = try Fixture.withTree(["Lessons/01-a/lesson.md": text]) { tree in
      Lesson.read("01-a", in: tree).findings.map { "\($0.line): \($0.problem)" }
    }
    #expect(
      Set(findings) == [
        "3: there is no key 'author'", "1: the front matter does not say 'question'",
        "1: the front matter does not say 'concepts'", "4: 'soon' is not a number of minutes",
      ])
  }

  @Test func `a dead link at the front of the checkout is found`() throws {
    var files = Fixture.files(lesson: "Text.")
    files["README.md"] = "# A\n\n[b](b.md)\n"
    try Fixture.withTree(files) { tree in
      let error = try #require(throws: InvalidPages.self) {
        try SiteBuilder(tree: tree, woven: NoRuns()).render()
      }
      #expect(error.findings.map(\.file) == ["README.md"])
      #expect(error.findings.map(\.line) == [3])
    }
  }

  @Test func `nothing is written when a page is wrong`() throws {
    try Fixture.withTree(Fixture.files(lesson: "[x](gone.md)")) { tree in
      let builder = SiteBuilder(tree: tree, woven: NoRuns())
      #expect(throws: InvalidPages.self) { try builder.build(into: "\(tree.root)/site") }
      #expect(!tree.contains("site"))
    }
  }

  @Test func `a folder that is no site is left alone`() throws {
    var files = Fixture.files(lesson: "Text.")
    files["site/mine.txt"] = "precious"
    try Fixture.withTree(files) { tree in
      let builder = SiteBuilder(tree: tree, woven: NoRuns())
      #expect(throws: Finding.self) { try builder.build(into: "\(tree.root)/site") }
      #expect(tree.text(of: "site/mine.txt") == "precious")
    }
  }

  @Test func `a second build replaces the first`() throws {
    try Fixture.withTree(Fixture.files(lesson: "Text.")) { tree in
      let builder = SiteBuilder(tree: tree, woven: NoRuns())
      _ = try builder.build(into: "\(tree.root)/site")
      try tree.write("old", to: "site/stale.html")
      _ = try builder.build(into: "\(tree.root)/site")
      #expect(!tree.contains("site/stale.html"))
      #expect(tree.contains("site/index.html"))
      #expect(tree.names(in: "").contains { $0.contains(".new-") || $0.contains(".old-") } == false)
    }
  }
}
