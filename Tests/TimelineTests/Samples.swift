import Timeline

/// Drawings' inputs that several tests share.
enum Samples {
  /// A signaler and a waiter, with the use after free at the end.
  static let schedule = LaneTable(
    lanes: ["cpu 0 · signaler", "cpu 1 · waiter"],
    rows: [
      LaneRow(
        lane: 0, text: "let flags = lock.lockIRQSave()", location: "Fence+Signaling.swift:41"),
      LaneRow(lane: 0, text: "flags.set(.signaled)", location: "Fence+Signaling.swift:47"),
      LaneRow(lane: 1, text: "spin(until: fence.isSignaled)", location: "Exercise.swift:12"),
      LaneRow(lane: 1, text: "lab.free(record)", location: "Exercise.swift:13", mark: .cause),
      LaneRow(
        lane: 0, text: "callback.function(fence, callback)", location: "Fence+Signaling.swift:61",
        mark: .violation),
    ])

  /// A job on an engine, its interrupt, and a window inside the interrupt.
  static func job() -> Timeline {
    var timeline = Timeline(title: "One job")
    let cpu = timeline.track("cpu 0")
    let engine = timeline.track("engine 0")
    let fence = timeline.track("fence 1")
    let submit = timeline.span("submit", on: cpu, from: 0, to: 300)
    let run = timeline.span("job 1", on: engine, from: 320, to: 1200)
    timeline.flow(from: submit, to: run, label: "doorbell")
    let handler = timeline.span("irq", on: cpu, from: 1250, to: 1700)
    timeline.flow(from: run, to: handler)
    let bit = timeline.instant("bit set", on: cpu, at: 1400)
    let window = timeline.span(
      "bit visible, callbacks not done", on: fence, from: 1400, to: 1600, kind: .window)
    timeline.flow(from: bit, to: window)
    timeline.span("pending", on: fence, from: 0, to: 1400, kind: .wait)
    timeline.instant("record freed", on: cpu, at: 1500, mark: .violation)
    _ = timeline.open("sleeps", on: timeline.track("cpu 1"), at: 100, kind: .wait)
    return timeline
  }
}
