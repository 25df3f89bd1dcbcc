import Publishing
import Testing

/// Whatever stands in a lesson, reading it ends in a page or in findings.
struct MutationTests {
  /// A generator whose numbers are the same in every run.
  struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test(arguments: 0..<40)
  func `no damage to a lesson stops the reader`(seed: UInt64) throws {
    var numbers = Numbers(state: seed)
    let path = "Lessons/06-the-signaled-bit/lesson.md"
    var characters = Array(try #require(Fixture.course.text(of: path)))
    let pieces = [
      "```", "~~~~", "|", "\n", "- [x] ", " :: ", "---\n", "> ", "\t", "\u{0}", "[](", "é",
    ]
    for _ in 0..<60 {
      let place = Int.random(in: 0..<characters.count, using: &numbers)
      if Bool.random(using: &numbers) {
        let length = Int.random(in: 1...30, using: &numbers)
        characters.removeSubrange(place..<min(place + length, characters.count))
      } else {
        characters.insert(
          contentsOf: pieces.randomElement(using: &numbers) ?? "", at: place)
      }
    }
    try Fixture.withTree([path: String(characters)]) { tree in
      let lesson = Lesson.read("06-the-signaled-bit", in: tree)
      #expect(lesson.findings.allSatisfy { $0.line >= 1 })
      #expect(!SitePreview.html(of: lesson, in: tree).contains("<script"))
      #expect(!TerminalRenderer.render(lesson, style: .plain).contains("\u{1B}"))
      #expect(ManRenderer.render(lesson).utf8.allSatisfy { $0 < 0x80 })
    }
  }
}
