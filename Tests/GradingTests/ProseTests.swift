import Grading
import Testing

struct ProseTests {
  @Test func `paragraphs flow, whatever width they were written for`() {
    let text = "one two\nthree four\n\n- five six seven\n  eight\n- nine"
    #expect(
      Prose(text).lines(columns: 14) == [
        "one two three", "four", "", "- five six", "  seven eight", "- nine",
      ])
  }

  @Test func `code keeps its lines, and loses nothing where it is too wide`() {
    let text = "before\n```text\nlet a = 1\n\n  b\n```\nafter"
    #expect(
      Prose(text).lines(columns: 8) == [
        "before", "  let a ", "= 1", "  ", "    b", "after",
      ])
    #expect(Prose.folded("", columns: 8) == [""])
  }
}
