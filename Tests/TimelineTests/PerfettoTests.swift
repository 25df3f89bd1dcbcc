import Foundation
import Testing
import Timeline

private func entries(_ timeline: Timeline) throws -> [[String: Any]] {
  let json = try JSONSerialization.jsonObject(with: Data(timeline.perfettoTrace.utf8))
  let trace = try #require(json as? [String: Any])
  return try #require(trace["traceEvents"] as? [[String: Any]])
}

@Test func `a trace holds every track event and arrow end`() throws {
  let timeline = Samples.job()
  let phases = try entries(timeline).compactMap { $0["ph"] as? String }
  func count(_ phase: String) -> Int { phases.filter { $0 == phase }.count }
  #expect(count("M") == timeline.tracks.count + 1)
  #expect(count("X") + count("i") == timeline.events.count)
  #expect(count("s") == timeline.flows.count && count("f") == timeline.flows.count)
}

@Test func `a trace counts in microseconds and an open span lasts to the end`() throws {
  let all = try entries(Samples.job())
  let job = try #require(all.first { $0["name"] as? String == "job 1" })
  #expect(job["ts"] as? Double == 0.32)
  #expect(job["dur"] as? Double == 0.88)
  let sleep = try #require(all.first { $0["name"] as? String == "sleeps" })
  #expect(sleep["dur"] as? Double == 1.6)
}

@Test func `hostile labels stay inside their quotes`() throws {
  var timeline = Timeline(title: Hostile.texts.joined(), clock: .steps)
  for (index, text) in Hostile.texts.enumerated() {
    timeline.instant(text, on: timeline.track(text + "\"\\"), at: UInt64(index))
  }
  let names = try entries(timeline).filter { $0["ph"] as? String == "i" }
  #expect(names.compactMap { $0["name"] as? String } == Hostile.texts)
}
