import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 04 says about its own runs.
@Suite struct WhoseLockTests {
  private static let lesson = "04-whose-lock"

  private func verdict(_ name: String) throws -> Verdict {
    try #require(LessonDemos.scenario(name, of: Self.lesson)).explore().verdict
  }

  @Test func `a borrowed lock is used after it was freed, and one execution hides it`() throws {
    #expect(try verdict("borrowed") == .useAfterFree)
    #expect(try verdict("lucky") == .expectationFailed)
  }

  @Test func `the null test takes a held lock for a pointer`() throws {
    #expect(try verdict("null-test") == .expectationFailed)
  }

  @Test func `a counted channel and a lock of the fence's own pass to the end`() throws {
    let rows = try #require(LessonDemos.table("ways", of: Self.lesson)).rows().dropFirst()
    #expect(rows.map { $0[1] } == ["use after free", "passed", "passed"])
    #expect(rows.dropFirst().allSatisfy { $0[2].hasSuffix(", all") })
  }

  @Test func `every design of the debate has a row`() throws {
    let rows = try #require(LessonDemos.table("designs", of: Self.lesson)).rows()
    #expect(rows.count == 6 && rows.allSatisfy { $0.count == 6 && !$0.contains("") })
  }

  @Test func `fences that share a lock share its line, and others do not`() throws {
    let rows = try #require(LessonDemos.table("lines", of: Self.lesson)).rows().dropFirst()
    #expect(rows.map { Array($0.dropFirst()) } == [["1", "1"], ["1", "0"]])
  }

  @Test func `the demo breaks no rule, and a channel that lends its lock ends with its fence`()
    throws
  {
    let report = WhoseLockDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    let timeline = WhoseLockDemo.run()
    #expect(timeline == report.timeline)
    func end(of track: String) throws -> UInt64 {
      try #require(
        timeline.events.last { timeline[$0.track].name == track && $0.end != nil }?.end)
    }
    #expect(try end(of: "channel A") >= end(of: "fence A"))
    #expect(try end(of: "channel B") < end(of: "fence A"))
    #expect(try end(of: "channel B") < end(of: "fence B"))
  }
}
