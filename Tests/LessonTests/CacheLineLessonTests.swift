import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 07 says about its own runs.
@Suite struct CacheLineLessonTests {
  private static let lesson = "07-what-a-cache-line-costs"

  private func rows(_ table: String) throws -> [[String]] {
    try #require(LessonDemos.table(table, of: Self.lesson)).rows()
  }

  @Test func `every claim on the page holds`() throws {
    let claims = try rows("claims").dropFirst()
    #expect(claims.count == 10)
    #expect(claims.allSatisfy { $0.last == "yes" })
  }

  @Test func `a look at the shared stub costs a transfer where somebody writes`() throws {
    let shared = try rows("looks").dropFirst().map { $0[1].prefix { $0 != " " } }
    #expect(shared == ["0", "1", "1", "1", "0", "0"])
  }

  @Test func `only the flags are missed because of a neighbour`() throws {
    let fields = try rows("fields").dropFirst()
    #expect(fields.map(\.first) == ["`flags`", "`references`"])
    #expect(fields.map(\.last) == ["28", "0"])
  }

  @Test func `the relaxed look races and the acquire does not`() throws {
    #expect(try rows("orderings").dropFirst().map { $0[1] } == ["data race", "passed"])
    for name in ["relaxed", "lucky"] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().failure != nil)
    }
  }

  @Test func `the demo breaks no rule, shares the line first and moves it then`() throws {
    let report = CacheLineDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = report.timeline
    #expect(timeline == CacheLineDemo.run())
    func labels(_ cache: Int) -> [String] {
      timeline.events.filter { timeline[$0.track].name == "cache \(cache)" }.map(\.label)
    }
    #expect(labels(0) == ["exclusive", "shared", "modified", "modified"])
    #expect(labels(2) == ["shared", "modified", "modified"])
  }
}
