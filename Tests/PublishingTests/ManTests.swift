import Publishing
import Testing

/// Lessons as manual pages.
struct ManTests {
  private func man(_ body: String) throws -> String {
    try Fixture.withTree(Fixture.files(lesson: body)) { tree in
      ManRenderer.render(Lesson.read("01-a", in: tree))
    }
  }

  @Test func `a page begins with its title and name`() throws {
    #expect(
      try man("## B\n\n*c* `d`\n") == """
        .TH "01\\-A" 7 "" Fencelab "T"
        .SH NAME
        01\\-a \\- Q?
        .SH "B"
        .PP
        \\fIc\\fP \\fBd\\fP

        """)
  }

  @Test func `text cannot give orders to the formatter`() throws {
    let page = try man("```text\n.so /etc/passwd\n'x\n\\fBy\n```\n")
    #expect(page.contains("\n\\&.so /etc/passwd\n\\&'x\n\\efBy\n"))
  }

  @Test func `a page is ASCII`() {
    let page = ManRenderer.render(Fixture.lesson)
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
    #expect(page.contains("\\[u2502]"))
  }
}
