import LessonDemos
import TestSupport
import Testing
import Timeline

/// `fencelab run LESSON --trace FILE`.
@Suite struct TraceTests {
  @Test(arguments: LessonDemos.all.map(\.lesson))
  func `the trace of a demo is sound`(lesson: String) throws {
    let demo = try #require(LessonDemos.demo(of: lesson))
    let checked = TraceFormat(demo.run().perfettoTrace)
    #expect(checked.problems.isEmpty, "\(checked.problems.prefix(5))")
    #expect((checked.counts["X"] ?? 0) > 0)
  }
}
