import Testing

struct ReadingTests {
  @Test func `comments and strings are no code, interpolations are`() {
    let text = #"""
      let a = "x // \(b("y")) z" // c
      /* d /* e */ f */ let g = #"h"i"#
      let j = """
        k "l"
        """
      func `m n`() {}
      """#
    let file = SourceFile("A.swift", text)
    for word in ["a", "b", "g", "j"] { #expect(file.occurrences(of: word).count == 1) }
    for word in ["x", "y", "z", "c", "d", "e", "f", "h", "i", "k", "l", "m", "n"] {
      #expect(file.occurrences(of: word).isEmpty, "\(word) is no code")
    }
    for word in ["c", "d", "e", "f"] {
      #expect(file.occurrences(of: word, in: \.comments).count == 1, "\(word) is a comment")
    }
    #expect(file.code.count == file.bytes.count)
    let brackets = file.code.filter { "()".utf8.contains($0) }
    #expect(String(decoding: brackets, as: UTF8.self) == "()()", "interpolations leave none behind")
  }

  @Test func `lines are counted from one, with or without a last line break`() {
    let file = SourceFile("A.swift", "a\nb\n")
    #expect(file.lineCount == 2)
    #expect(file.line(at: 2) == 2)
    #expect(file.line(2) == "b")
    #expect(SourceFile("A.swift", "a\nb").lineCount == 2)
    #expect(SourceFile("A.swift", "").lineCount == 0)
  }

  @Test func `a fenced block ends where its own fence does`() {
    let text = "a\n~~~~markdown\n```quiz\nb\n```\n~~~~\nc\n```swift from=A#b\n```\nd\n"
    let page = SourceFile("A.md", text)
    #expect(page.proseLines.map(\.number) == [1, 7, 10])
    #expect(page.fenceOpenings.map(\.number) == [2, 8])
  }

  @Test func `the repository is read`() {
    #expect(Repository.files.count > 20)
    #expect(Repository.file("Package.swift")?.target == nil)
    #expect(Repository.file("Sources/fencelab/FencelabCommand.swift")?.target == "fencelab")
  }
}
