import LessonDemos
import Simulator
import Testing
import Timeline

@Suite struct SignaledBitDemoTests {
  @Test func `the demo breaks no rule and leaves nothing behind`() {
    let report = SignaledBitDemo.report()
    #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
  }

  @Test func `two runs of the demo draw the same picture`() {
    let (first, second) = (SignaledBitDemo.run(), SignaledBitDemo.run())
    #expect(first == second)
    #expect(TimeChart(first).text() == TimeChart(second).text())
  }

  @Test func `the waiter sees the bit inside the window and is done after it`() throws {
    let timeline = SignaledBitDemo.run()
    func event(_ label: String, on track: String) throws -> Timeline.Event {
      try #require(timeline.events.first { $0.label == label && timeline[$0.track].name == track })
    }
    let window = try event("bit visible, callbacks not done", on: "fence 1")
    let windowEnd = try #require(window.end)
    #expect(window.kind == .window)
    let seen = try event("sees the bit", on: "cpu 1").start
    #expect(window.start < seen && seen < windowEnd)
    let note = try event("own callback has not run", on: "cpu 1")
    #expect(note.mark == .notice && note.start < windowEnd)
    #expect(try event("callbacks are over", on: "cpu 1").start >= windowEnd)
  }

  @Test func `every job has its interrupt and its fence its end`() {
    let timeline = SignaledBitDemo.run()
    func count(_ label: String) -> Int { timeline.events.filter { $0.label == label }.count }
    #expect(count("irq") == 2)
    #expect(count("pending") == 2)
    #expect(timeline.events.allSatisfy { $0.end != nil })
  }

  @Test func `every demo belongs to a lesson and is found by its number`() {
    #expect(LessonDemos.demo(of: "06")?.lesson == "06-the-signaled-bit")
    #expect(LessonDemos.demo(of: "06-the-signaled-bit") != nil)
    #expect(LessonDemos.demo(of: "0") == nil)
    #expect(LessonDemos.demo(of: "") == nil)
  }
}
