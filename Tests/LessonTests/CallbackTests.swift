import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 03 says about its own runs.
@Suite struct CallbackTests {
  private static let lesson = "03-signaling-and-callbacks"

  @Test func `the answer of removal decides only with the lock around callbacks`() throws {
    let table = try #require(LessonDemos.table("designs", of: Self.lesson)).rows().dropFirst()
    #expect(table.map { $0[1].hasPrefix("holds") } == [true, false])
  }

  @Test func `four of eight deeds are errors in a callback`() throws {
    let table = try #require(LessonDemos.table("inside", of: Self.lesson)).rows().dropFirst()
    #expect(
      table.map { $0[1] } == [
        "passed", "passed", "passed", "deadlock", "deadlock", "lock order", "atomic sleep",
        "passed",
      ])
  }

  @Test func `the page shows failing executions and a lucky one`() throws {
    for name in ["after-the-lock", "lucky", "own-lock", "other-fence"] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().failure != nil)
    }
  }

  @Test func `a wait for oneself is told although nobody else took part`() throws {
    let scenario = try #require(LessonDemos.scenario("own-lock", of: Self.lesson))
    let failure = try #require(scenario.explore().failure)
    #expect(failure.steps.filter(\.matters).count > 5)
    #expect(failure.steps.filter { $0.matters && !$0.source.isEmpty }.count > 5)
  }

  @Test func `the demo breaks no rule, and the answer comes after the callbacks`() throws {
    let report = CallbackDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = CallbackDemo.run()
    #expect(timeline == report.timeline)
    let answer = try #require(timeline.events.first { $0.label == "no: it has run" })
    let ends = timeline.events.filter { $0.label.hasSuffix(" callback") }.compactMap(\.end)
    #expect(ends.count == 2)
    #expect(ends.allSatisfy { $0 <= answer.start })
  }
}
