import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 02 says about its own runs.
@Suite struct ReferenceTests {
  private static let lesson = "02-references-and-lifetimes"

  @Test func `two ways to a reference pass with both kinds of memory`() throws {
    let table = try #require(LessonDemos.table("ways", of: Self.lesson)).rows().dropFirst()
    let passes = table.map { row in row.dropFirst().map { $0.hasPrefix("passed") } }
    #expect(
      passes == [
        [false, false], [false, false], [false, false], [true, false], [true, true], [true, true],
      ])
  }

  @Test func `the page shows a failing and a lucky execution of one program`() throws {
    for name in ["section-get", "recycled", "lucky"] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().failure != nil)
    }
  }

  @Test func `a reference costs more steps than a look, and a lock at least as many`() throws {
    let rows = try #require(LessonDemos.table("cost", of: Self.lesson)).rows().dropFirst()
    let steps = rows.compactMap { Int($0[1]) }
    #expect(steps.count == rows.count)
    #expect(steps.dropFirst().allSatisfy { $0 > steps[0] })
  }

  @Test func `the demo breaks no rule, and the fence ends with its reader`() throws {
    let report = ReferenceDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = ReferenceDemo.run()
    #expect(timeline == report.timeline)
    func end(of track: String) throws -> UInt64 {
      try #require(
        timeline.events.first { timeline[$0.track].name == track && $0.end != nil }?.end)
    }
    #expect(try end(of: "the fence") >= end(of: "reader's"))
    #expect(try end(of: "reader's") > end(of: "driver's"))
    #expect(try end(of: "driver's") > end(of: "slot's"))
  }
}
