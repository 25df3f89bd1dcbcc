import Testing
import Timeline

@Test func `a chart shows spans instants windows and where arrows lead`() {
  #expect(
    TimeChart(Samples.job()).text(TextOptions(columns: 80)) == """
      One job
                ┊0 ns               ┊500 ns             ┊1000 ns            ┊1500 ns
      cpu 0     ├1 submit───┤                                     ├5 irq─────────────┤
                                                                        •6  ✗8
      engine 0              ├4 job 1────────────────────────────┤
      fence 1   ├2 pending┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┤
                                                                        ╞7══════╡
      cpu 1         ├3 sleeps┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄>

       1     0 ns  cpu 0       submit, until 300 ns → 4 (doorbell)
       2     0 ns  fence 1     pending, until 1400 ns
       3   100 ns  cpu 1       sleeps, never ends
       4   320 ns  engine 0    job 1, until 1200 ns → 5
       5  1250 ns  cpu 0       irq, until 1700 ns
       6  1400 ns  cpu 0       bit set → 7
       7  1400 ns  fence 1     bit visible, callbacks not done, until 1600 ns
       8  1500 ns  cpu 0     ✗ record freed (broke the rule)

      """)
}

@Test func `an ASCII chart says the same in 60 columns`() {
  #expect(
    TimeChart(Samples.job()).text(TextOptions(columns: 60, repertoire: .ascii)) == """
      One job
                |0 ns         |500 ns       |1000 ns
      cpu 0     [1------]                           [5 irq-------]
                                                        *6 X8
      engine 0           [4 job 1-----------------]
      fence 1   [2 pending..............................]
                                                        [7====]
      cpu 1       [3 sleeps......................................>

       1     0 ns  cpu 0       submit, until 300 ns -> 4 (doorb...
       2     0 ns  fence 1     pending, until 1400 ns
       3   100 ns  cpu 1       sleeps, never ends
       4   320 ns  engine 0    job 1, until 1200 ns -> 5
       5  1250 ns  cpu 0       irq, until 1700 ns
       6  1400 ns  cpu 0       bit set -> 7
       7  1400 ns  fence 1     bit visible, callbacks not done,...
       8  1500 ns  cpu 0     X record freed (broke the rule)

      """)
}

@Test func `a chart without events has its title and its tracks`() {
  var timeline = Timeline(title: "Nothing", clock: .steps)
  _ = timeline.track("cpu 0")
  let text = TimeChart(timeline).text()
  #expect(text.hasPrefix("Nothing\n"))
  #expect(text.contains("cpu 0"))
  #expect(TimeChart(Timeline(title: "")).svg(SVGOptions(prefix: "")).contains("<svg"))
}

@Test func `a long run is cut after the first events and says so`() {
  var timeline = Timeline(title: "Long")
  let track = timeline.track("cpu 0")
  for time in 0..<1_000 { timeline.instant("event \(time)", on: track, at: UInt64(time)) }
  let text = TimeChart(timeline).text()
  #expect(text.contains("event \(Limits.eventsDrawnMax - 1)"))
  #expect(!text.contains("event \(Limits.eventsDrawnMax)"))
  #expect(text.contains("and \(1_000 - Limits.eventsDrawnMax) more events"))
}

@Test func `events that overlap on one track stand below each other`() {
  var timeline = Timeline(title: "Nested")
  let track = timeline.track("cpu 0")
  timeline.span("outer", on: track, from: 0, to: 100)
  timeline.span("inner", on: track, from: 20, to: 60)
  timeline.span("after", on: track, from: 70, to: 90)
  let lines = TimeChart(timeline).text().split(separator: "\n").map(String.init)
  #expect(lines[2].contains("outer"))
  #expect(lines[3].contains("inner") && lines[3].contains("after"))
}

@Test(arguments: [UInt64(0), 1, 99, 100_000, 5_000_000_000, .max])
func `no line of a chart is wider than asked at any time scale`(last: UInt64) {
  var timeline = Timeline(title: Hostile.texts.joined())
  for (index, text) in Hostile.texts.enumerated() {
    let track = timeline.track(text)
    let start = last / UInt64(index + 1)
    let span = timeline.span(text, on: track, from: start / 2, to: start, kind: .window)
    let point = timeline.instant(text, on: track, at: start, mark: .violation)
    timeline.flow(from: span, to: point, label: text)
  }
  for columns in [40, 100] {
    for repertoire in [Repertoire.unicode, .ascii] {
      let options = TextOptions(columns: columns, repertoire: repertoire)
      for line in TimeChart(timeline).text(options).split(separator: "\n") {
        #expect(Hostile.columns(of: line) <= columns, "\(line)")
        #expect(Hostile.isHarmless(line), "\(line.debugDescription)")
      }
    }
  }
}

@Test(arguments: [
  (UInt64(99_999), "99999 ns"), (100_000, "100.00 µs"), (1_234_567, "1234.56 µs"),
  (100_000_000, "100.00 ms"),
])
func `the unit follows from the length of the run`(end: UInt64, shown: String) {
  var timeline = Timeline(title: "Units")
  timeline.instant("end", on: timeline.track("cpu 0"), at: end)
  #expect(timeline.format(end) == shown)
}

@Test func `equal runs give equal drawings`() {
  let (first, second) = (TimeChart(Samples.job()), TimeChart(Samples.job()))
  #expect(first.text() == second.text())
  #expect(first.svg(SVGOptions(prefix: "a")) == second.svg(SVGOptions(prefix: "a")))
}

@Test func `styles add escape codes to a chart and change no character`() {
  let plain = TimeChart(Samples.job()).text()
  let styled = TimeChart(Samples.job()).text(TextOptions(styled: true))
  #expect(styled.contains("\u{1B}[1;31m✗8"))
  #expect(styled.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
}

@Test func `a recorder closes the latest span of a track and no other`() {
  let recorder = TimelineRecorder(title: "Recorder")
  let first = recorder.open("first", on: "cpu 0", at: 1)
  let second = recorder.open("second", on: "cpu 0", at: 2)
  recorder.closeLatest(on: "cpu 0", at: 5)
  recorder.closeLatest(on: "cpu 0", at: 6)
  recorder.closeLatest(on: "cpu 1", at: 7)
  #expect(recorder.timeline[second].end == 5)
  #expect(recorder.timeline[first].end == nil)
  #expect(recorder.latest(on: "cpu 0") == second)
  #expect(recorder.latest(on: "cpu 1") == nil)
}
