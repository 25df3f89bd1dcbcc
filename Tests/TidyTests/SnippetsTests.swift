import Testing

struct SnippetsTests {
  private func swift(_ text: String) -> SourceFile { SourceFile("Sources/Fences/A.swift", text) }
  private func page(_ text: String) -> SourceFile { SourceFile("Lessons/06-a/lesson.md", text) }
  private let signal = "// snippet: signal\nfunc signal() {}\n// end snippet\n"

  @Test(arguments: [
    "// snippet: a\nlet a = 1\n",
    "// end snippet\n",
    "// snippet: a\n// snippet: b\n// end snippet\n",
    "// snippet: a\n// end snippet\n// snippet: a\n// end snippet\n",
  ])
  func `markers that do not pair up are found`(text: String) {
    #expect(unbalancedSnippets(in: swift(text)).count == 1)
  }

  @Test func `markers that pair up are fine`() {
    #expect(unbalancedSnippets(in: swift(signal + "let a = \"// end snippet\"")).isEmpty)
  }

  @Test func `a snippet that no page shows is found`() {
    let shown = page("```swift from=Sources/Fences/A.swift#signal\n```\n")
    let other = "// snippet: wait\n// end snippet\n"
    #expect(danglingSnippets(in: [swift(other + signal), shown]).map(\.line) == [1])
    #expect(danglingSnippets(in: [swift(signal), shown]).isEmpty)
    #expect(danglingSnippets(in: [swift(signal)]).isEmpty, "no page shows anything yet")
  }

  @Test func `a page that shows a missing snippet is found`() {
    let shown = page("text\n```swift from=Sources/Fences/A.swift#wait\n```\n")
    #expect(danglingSnippets(in: [swift(""), shown]).map(\.line) == [2])
  }

  @Test func `the house's snippets pair up`() {
    expectTidy(Repository.swiftFiles.flatMap(unbalancedSnippets))
  }

  @Test func `every snippet of the house is shown, and every one shown exists`() {
    expectTidy(danglingSnippets(in: Repository.files))
  }
}
