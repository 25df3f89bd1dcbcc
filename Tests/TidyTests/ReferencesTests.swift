import Testing

struct ReferencesTests {
  private func broken(_ text: String) -> [Int] {
    let existing: Set = ["Documentation/Glossary.md", "Sources/Fences/Fence.swift"]
    return brokenReferences(in: SourceFile("Documentation/A.md", text), existing: existing)
      .map(\.line)
  }

  @Test(arguments: [
    "see\n[a](Missing.md)", "see\n[a](../Glossary.md)", "see\n`Sources/Fences/Missing.swift`",
    "see\n`Sources/Missing/`",
  ])
  func `a reference that leads nowhere is found`(text: String) {
    #expect(broken(text) == [2])
  }

  @Test(arguments: [
    "[a](Glossary.md#words)", "[a](../Sources/Fences/Fence.swift)", "[a](https://kernel.org/x)",
    "`Sources/Fences/Fence.swift`", "`Sources/Fences`", "`Lessons/NN-name/`", "`drivers/dma-buf`",
    "```\n[a](Missing.md)\n```",
  ])
  func `a reference that leads somewhere is fine`(text: String) {
    #expect(broken(text).isEmpty)
  }

  @Test func `every reference of the documentation leads somewhere`() {
    let pages = Repository.files.filter { $0.isUnder(["Documentation", "README.md"]) }
    expectTidy(pages.flatMap { brokenReferences(in: $0, existing: Repository.paths) })
  }
}
