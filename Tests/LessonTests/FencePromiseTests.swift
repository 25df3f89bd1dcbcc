import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 01 says about its own runs.
@Suite struct FencePromiseTests {
  private static let lesson = "01-what-a-fence-promises"

  @Test func `only who can be asked answers out of order`() throws {
    let table = try #require(LessonDemos.table("pairs", of: Self.lesson)).rows()
    let row = try #require(table.first { $0[0] == "yes, no" })
    #expect(row.dropFirst() == ["never", "possible"])
    #expect(table.count { $0.contains("never") } == 1)
  }

  @Test func `the work is in order for every driver with one line of work`() throws {
    let table = try #require(LessonDemos.table("designs", of: Self.lesson)).rows().dropFirst()
    let keepsSignals = table.map { $0[1].hasPrefix("holds") }
    let keepsWork = table.map { $0[2].hasPrefix("holds") }
    #expect(keepsSignals == [true, false, false, true, false])
    #expect(keepsWork == [true, true, true, true, false])
  }

  @Test func `the page shows a failing and a lucky execution of one program`() throws {
    for name in ["looking", "lucky", "two-engines"] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().failure != nil)
    }
    let silent = try #require(LessonDemos.scenario("never-looking", of: Self.lesson))
    #expect(silent.explore().isExhaustive)
  }

  @Test func `the demo breaks no rule and signals the second fence first`() throws {
    let report = FencePromiseDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = FencePromiseDemo.run()
    #expect(timeline == report.timeline)
    func end(of fence: String) throws -> UInt64 {
      try #require(timeline.events.first { timeline[$0.track].name == fence }?.end)
    }
    #expect(try end(of: "fence 2") < end(of: "fence 1"))
  }
}
