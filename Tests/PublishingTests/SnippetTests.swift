import Publishing
import Testing

/// Regions of source files.
struct SnippetTests {
  static let source = """
    import A

    struct B {
      // snippet: one
      func c() {

        d()
      }
      // end snippet
    }
    // snippet: open
    """

  @Test func `a region loses its markers and shared indentation`() {
    #expect(Snippet.extract("one", from: Self.source) == "func c() {\n\n  d()\n}\n")
  }

  @Test func `a whole file loses its markers`() {
    let text = Snippet.extract(nil, from: Self.source)
    #expect(text == "import A\n\nstruct B {\n  func c() {\n\n    d()\n  }\n}\n")
  }

  @Test func `a region that is missing or never ends is nothing`() {
    #expect(Snippet.extract("two", from: Self.source) == nil)
    #expect(Snippet.extract("open", from: Self.source) == nil)
  }

  @Test func `an info string has a word, a title, options and flags`() {
    let info = InfoString("quiz id=a kind=\"b c\" \"The title\" flag from=x#y")
    #expect(info.word == "quiz")
    #expect(info.title == "The title")
    #expect(info.options == ["id": "a", "kind": "b c", "from": "x#y"])
    #expect(info.flags == ["flag"])
  }
}
