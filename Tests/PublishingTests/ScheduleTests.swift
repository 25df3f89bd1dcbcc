import Publishing
import Testing

/// Woven schedules, as the site takes them apart.
struct ScheduleTests {
  private static let text = """
         cpu 0: signaler         │ cpu 1: waiter
    ─────────────────────────────┼───────────────
      6    set(.signaled)        │
     16                          │   spin(until…
     17                          │ ● free(job)
     18  ✗ node.initialise()     │

    signaler uses Job after
    waiter freed it.

    """

  private func page(of text: String) throws -> String {
    try Fixture.html(lesson: "```schedule run=x\n\(text)```\n")
  }

  @Test func `a schedule becomes a row for each step and a column for each lane`() throws {
    let html = try page(of: Self.text)
    #expect(html.contains("<th scope=\"col\">cpu 0: signaler</th><th scope=\"col\">cpu 1: waiter"))
    #expect(html.contains("<th scope=\"row\">6</th><td><code>set(.signaled)</code></td><td></td>"))
    #expect(html.contains("<th scope=\"row\">16</th><td></td><td><code>spin(until…</code></td>"))
    #expect(html.contains("<p class=\"message\">signaler uses Job after waiter freed it.</p>"))
    #expect(!html.contains("<pre"))
  }

  @Test func `the step that breaks a rule and its partner say so in words`() throws {
    let html = try page(of: Self.text)
    #expect(html.contains("<tr class=\"broke\"><th scope=\"row\">18</th><td><code>node.init"))
    #expect(html.contains("aria-label=\"breaks the rule\">✗</span></td><td></td></tr>"))
    #expect(html.contains("<tr class=\"partner\"><th scope=\"row\">17</th><td></td>"))
    #expect(html.contains("aria-label=\"what it collides with\">●</span>"))
  }

  @Test(arguments: ["no table of lanes\n", "a │ b\n──┼──\n", ""])
  func `what is no table of lanes stays as it is`(text: String) throws {
    let html = try page(of: text)
    #expect(html.contains("<pre class=\"output\""))
    #expect(!html.contains("class=\"lanes\""))
  }
}
