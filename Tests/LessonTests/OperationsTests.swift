import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 05 says about its own runs.
@Suite struct OperationsTests {
  private static let lesson = "05-operations-under-rcu"

  @Test func `only a grace period saves a table, and only one that is let go`() throws {
    let rows = try #require(LessonDemos.table("waits", of: Self.lesson)).rows().dropFirst()
    let passes = rows.map { row in row.dropFirst().map { $0.hasPrefix("passed") } }
    #expect(passes == [[false, false], [true, false]])
  }

  @Test func `every design breaks somewhere, upstream's where the table is kept`() throws {
    let rows = try #require(LessonDemos.table("designs", of: Self.lesson)).rows().dropFirst()
    #expect(rows.count == 5)
    #expect(rows.allSatisfy { row in row.dropFirst().contains { !$0.hasPrefix("passed") } })
    let upstream = try #require(rows.first)
    #expect(upstream.dropFirst().map { $0.hasPrefix("passed") } == [true, true, false, false])
  }

  @Test func `two names are two moments, unless the table is kept`() throws {
    let rows = try #require(LessonDemos.table("answers", of: Self.lesson)).rows().dropFirst()
    #expect(rows.map { $0[1] } == ["possible", "possible", "never", "possible"])
    #expect(rows.map { $0[2] } == ["possible", "never", "never", "never"])
  }

  @Test func `the page shows failing executions and a lucky one`() throws {
    for (name, verdict) in [
      ("no-wait", Verdict.useAfterFree), ("kept", .useAfterFree),
      ("names-by-flag", .expectationFailed), ("lucky", .expectationFailed),
    ] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().verdict == verdict, "\(name)")
    }
  }

  @Test func `the demo breaks no rule, and the table goes when the first reader has left`() throws {
    let report = OperationsDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = OperationsDemo.run()
    #expect(timeline == report.timeline)
    let inside = try #require(timeline.events.first { $0.label == "inside the driver" }?.end)
    let loaded = try #require(timeline.events.first { $0.label == "loaded" }?.end)
    let late = try #require(timeline.events.first { $0.label.contains("detached-driver") })
    #expect(loaded >= inside)
    #expect(late.start < loaded)
  }
}
