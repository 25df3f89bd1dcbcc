import Explorer
import LessonDemos
import Simulator
import Testing
import Timeline

/// What the page of lesson 08 says about its own runs.
@Suite struct SignalErrorTests {
  private static let lesson = "08-signal-with-error"

  private func rows(_ table: String) throws -> ArraySlice<[String]> {
    try #require(LessonDemos.table(table, of: Self.lesson)).rows().dropFirst()
  }

  @Test func `only what is one step under the lock passes`() throws {
    let verdicts = try rows("ways").map { $0[1] }
    #expect(verdicts == Array(repeating: "expectation failed", count: 3) + ["passed", "passed"])
  }

  @Test func `the page shows a stolen success, a late error and a lucky execution`() throws {
    let rules = try ["stolen", "late", "lucky"].map { name in
      try #require(LessonDemos.scenario(name, of: Self.lesson)).explore().failure?.rule
    }
    #expect(rules == ["expectation", "warning", "expectation"])
  }

  @Test func `an error gets through a carrier as the page says`() throws {
    let fates = try rows("carriers").map { $0.dropFirst().joined(separator: " ") }
    #expect(
      fates == [
        "told told lost", "told told lost", "lost told lost", "lost told lost", "lost told told",
        "lost lost lost", "told told told", "told told told", "lost lost lost",
      ])
  }

  @Test func `upstream's design fails where the proposed argument passes`() throws {
    let late = try rows("compare/signal-with-error/late").map { ($0[0], $0[2] == "passed") }
    #expect(late.contains { $0 == ("`separate-call`", false) })
    #expect(late.contains { $0 == ("`mandatory-argument`", true) })
  }

  @Test func `of two processes in the demo one hears of the failure`() throws {
    let report = SignalErrorDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
    #expect(report.timeline == SignalErrorDemo.run())
    let told = report.timeline.events.filter { $0.label.hasPrefix("is told") }
    #expect(told.map(\.label) == ["is told: all done", "is told: failed"])
  }
}
