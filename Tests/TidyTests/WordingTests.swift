import Testing

struct WordingTests {
  @Test func `a barrier that is called a fence is found`() {
    let text = "A fence.\nAn Acquire fence before the load.\n"
    #expect(misnamedBarriers(in: SourceFile("Documentation/A.md", text)).map(\.line) == [2])
    let named = "A fence.\nAn acquire barrier of a release fencelab.\n"
    #expect(misnamedBarriers(in: SourceFile("Documentation/A.md", named)).isEmpty)
  }

  @Test(arguments: ["work", "tmp", "root", "home"])
  func `a path of one machine is found`(folder: String) {
    #expect(machinePaths(in: SourceFile("README.md", "see \"/\(folder)/x\"")).count == 1)
    #expect(machinePaths(in: SourceFile("README.md", "/\(folder)/x")).count == 1)
    #expect(machinePaths(in: SourceFile("README.md", "https://a.org/\(folder)/x")).isEmpty)
    #expect(machinePaths(in: SourceFile("README.md", "./\(folder)/x")).isEmpty)
  }

  @Test func `a word that belittles is found`() {
    #expect(
      belittlingWords(in: SourceFile("README.md", "A.\nIt is Just a bit.")).map(\.line) == [2])
    #expect(belittlingWords(in: SourceFile("README.md", "An adjustment.\n")).isEmpty)
    #expect(belittlingWords(in: SourceFile("README.md", "```\njust\n```\n")).isEmpty)
  }

  @Test func `the pages of the house belittle nobody`() {
    expectTidy(Repository.files.flatMap(belittlingWords))
  }

  @Test func `the house calls a barrier a barrier`() {
    expectTidy(Repository.files.flatMap(misnamedBarriers))
  }

  @Test func `the house names no machine's paths`() {
    expectTidy(Repository.files.flatMap(machinePaths))
  }
}
