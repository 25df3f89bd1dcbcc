import Publishing
import Testing

/// Text from a file never becomes markup or steers a terminal.
struct HostileMarkdownTests {
  static let body = """
    <script>alert(1)</script>

    a <img src=x onerror=alert(2)> b & "c" '

    `<b>` [x](javascript:alert\\(3\\)) [y](data:text/html,x) [z](vbscript:x)

    ```swift" onclick="alert(4)
    </code></pre><script>alert(5)</script>
    ```

    ~~~note "<i>title</i>"
    <svg onload=alert(6)>
    ~~~
    """

  @Test func `hostile Markdown shows as text in HTML`() throws {
    let html = try Fixture.withTree(Fixture.files(lesson: Self.body)) { tree in
      SitePreview.html(of: Lesson.read("01-a", in: tree), in: tree)
    }
    for forbidden in ["<script", "<img", "<svg", "<i>", "onclick=\"", "href=\"javascript", "data:"]
    {
      #expect(!html.contains(forbidden), "\(forbidden) came through")
    }
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  @Test func `control characters cannot steer the terminal`() throws {
    let body = "a\u{1B}]0;title\u{07}b `\u{1B}[2J`\n"
    let text = try Fixture.withTree(Fixture.files(lesson: body)) { tree in
      TerminalRenderer.render(Lesson.read("01-a", in: tree), style: .coloured)
    }
    #expect(!text.contains("\u{1B}]0"))
    #expect(!text.contains("\u{1B}[2J"))
    #expect(!text.contains("\u{07}"))
  }
}
