import Authoring
import FoundationEssentials
import Grading
import LessonDemos
import Publishing
import Testing

/// What the kit itself weaves.
struct KitRunsTests {
  static let runs = KitRuns(
    Workspace(
      root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path))

  @Test(arguments: LessonDemos.all.map(\.lesson))
  func `a demo is a diagram that fits a terminal and says what it shows`(lesson: String) throws {
    let text = try Self.runs.text(of: .diagram, run: "demo", lesson: lesson)
    #expect(try Self.runs.text(of: .diagram, run: "demo", lesson: lesson) == text)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 76 })
    let drawing = try #require(try Self.runs.drawing(run: "demo", lesson: lesson))
    #expect(drawing.contains("<title") && drawing.contains("<desc"))
  }

  @Test(arguments: [
    (Block.OutputKind.diagram, "other"), (.schedule, "1-none/Wrong/None"), (.table, "costs"),
  ])
  func `a run that does not exist says so`(kind: Block.OutputKind, name: String) {
    #expect(throws: WovenSourceError.self) {
      try Self.runs.text(of: kind, run: name, lesson: "06-the-signaled-bit")
    }
  }
}
