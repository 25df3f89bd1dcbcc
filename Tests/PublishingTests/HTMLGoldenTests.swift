import Publishing
import Testing

/// Small documents and the exact HTML they become.
struct HTMLGoldenTests {
  @Test func `headings get unique identifiers and links to themselves`() throws {
    let html = try Fixture.html(lesson: "## Same `name`!\n\n## Same name\n")
    #expect(
      html == """
        <h2 id="same-name">Same <code>name</code>!&#160;<a class="self" href="#same-name" \
        aria-label="Link to “Same name!”">#</a></h2>
        <h2 id="same-name-1">Same name&#160;<a class="self" href="#same-name-1" \
        aria-label="Link to “Same name”">#</a></h2>

        """)
  }

  @Test func `a tight list has no paragraphs`() throws {
    let html = try Fixture.html(lesson: "3. *a*\n4. **b**\n")
    #expect(
      html == """
        <ol start="3">
        <li><em>a</em></li>
        <li><strong>b</strong></li>
        </ol>

        """)
  }

  @Test func `a table has a caption and scoped headings`() throws {
    let html = try Fixture.html(
      lesson: "```table caption=\"A <b>\"\n| a | b |\n|---|---|\n| `x\\|y` | 2 |\n```\n")
    #expect(
      html == """
        <div class="table" tabindex="0" role="group" aria-label="A &lt;b&gt;"><table>
        <caption>A &lt;b&gt;</caption>
        <thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
        <tbody>
        <tr><th scope="row"><code>x|y</code></th><td>2</td></tr>
        </tbody></table></div>

        """)
  }

  @Test func `a reveal is a disclosure and holds Markdown`() throws {
    let html = try Fixture.html(lesson: "~~~~reveal \"A & B\"\n*x*\n~~~~\n")
    #expect(
      html == """
        <details class="reveal"><summary>A &amp; B</summary>
        <div class="reveal-body">
        <p><em>x</em></p>
        </div></details>

        """)
  }

  @Test func `a quiz answers every option and admits not knowing`() throws {
    let html = try Fixture.html(
      lesson: "```quiz id=q kind=why\nWhy?\n\n- [x] yes :: because\n- [ ] no :: wrong\n```\n")
    #expect(html.contains("<summary>yes</summary><p><strong>Right.</strong> because</p>"))
    #expect(html.contains("<summary>no</summary><p><strong>No.</strong> wrong</p>"))
    #expect(html.contains("<summary>I don’t know</summary><p>"))
    #expect(html.contains("<strong>The answer:</strong> yes. because</p>"))
    #expect(html.split(separator: "<details name=\"q\"").count == 4)
  }

  @Test func `a listing names its file and links to it`() throws {
    let files = try SiteBuilder(tree: Fixture.course, woven: NoRuns()).render()
    let lesson = try #require(files["lessons/06-the-signaled-bit.html"])
    #expect(lesson.contains("<a href=\"../source/Sources/Sample.swift.html\">Sources/Sample.swift"))
    let source = try #require(files["source/Sources/Sample.swift.html"])
    #expect(source.contains("<span id=\"L3\" class=\"line\">"))
  }

  @Test func `links to Markdown become links to pages`() throws {
    let files = try SiteBuilder(tree: Fixture.course, woven: NoRuns()).render()
    let glossary = try #require(files["documentation/Glossary.html"])
    #expect(glossary.contains("href=\"../lessons/06-the-signaled-bit.html#the-failing-schedule\""))
    #expect(glossary.contains("<th scope=\"row\">seqno</th>"))
  }

  @Test func `an exercise page shows task, files and hints`() throws {
    let files = try SiteBuilder(tree: Fixture.course, woven: NoRuns()).render()
    let page = try #require(files["exercises/06-the-signaled-bit/1-break-it.html"])
    #expect(page.contains("<h1>Break it</h1>"))
    #expect(page.contains("<strong>too early</strong>"))
    #expect(page.contains("func waiter(_ fence: Fence"))
    #expect(page.contains("lab.explore(&quot;the waiter frees its record&quot;)"))
    #expect(page.contains("<summary>Hint 3: Almost the answer</summary>"))
    #expect(!page.contains("// 1. Start a signaler."))
    #expect(page.contains("<span>Next · 06.2</span> Repair it"))
  }
}
