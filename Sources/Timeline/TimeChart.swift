/// A timeline drawn with its tracks as rows and time to the right.
///
/// The chart draws the first `Limits.eventsDrawnMax` events by start time and says how many it left
/// out. Events that would lie on each other on one track go to rows of their own below it.
public struct TimeChart: Sendable, Hashable {
  /// What is drawn.
  public let timeline: Timeline

  /// The drawn events in order of start time; their position here plus one is their number.
  let drawn: [Timeline.Event.ID]

  /// Prepares a drawing of `timeline`.
  public init(_ timeline: Timeline) {
    self.timeline = timeline
    let byStart = timeline.events.indices.sorted {
      (timeline.events[$0].start, $0) < (timeline.events[$1].start, $1)
    }
    drawn = byStart.prefix(Limits.eventsDrawnMax).map { Timeline.Event.ID(index: $0) }
  }

  /// How many events the chart leaves out.
  var leftOut: Int { timeline.events.count - drawn.count }

  /// The last time the chart shows; at least 1, so that a scale exists.
  var end: UInt64 {
    let last = drawn.reduce(0) { max($0, timeline[$1].end ?? timeline[$1].start) }
    let cut = leftOut == 0 ? timeline.end : last
    return max(cut, 1)
  }

  /// The numbers of the events that arrows lead to from `event`.
  func targets(of event: Timeline.Event.ID) -> [(number: Int, label: String)] {
    timeline.flows.filter { $0.source == event }.compactMap { flow in
      drawn.firstIndex(of: flow.target).map { ($0 + 1, flow.label) }
    }
  }

  /// Times between which the axis is divided: 1, 2 or 5 times a power of ten apart.
  ///
  /// - Parameter count: The most divisions there is room for, at least 1.
  func ticks(atMost count: Int) -> [UInt64] {
    var step: UInt64 = 1
    let factors: [UInt64] = [2, 5, 10]
    var power: UInt64 = 1
    var next = 0
    while end / step > UInt64(max(count, 1)) {
      let (grown, overflow) = power.multipliedReportingOverflow(by: factors[next])
      if overflow { break }
      step = grown
      next += 1
      if next == 3 {
        next = 0
        power = grown
      }
    }
    return Array(stride(from: 0, through: end, by: Int(clamping: step)))
  }

  /// One line of the log below a chart: time, track, what happened, and where arrows lead.
  func sentence(_ number: Int) -> (time: String, track: String, text: String) {
    let id = drawn[number - 1]
    let event = timeline[id]
    var text = event.label
    if event.kind != .instant {
      text += event.end.map { ", until \(timeline.format($0))" } ?? ", never ends"
    }
    if let mark = event.mark { text += " (\(mark.word))" }
    for target in targets(of: id) {
      text += target.label.isEmpty ? " → \(target.number)" : " → \(target.number) (\(target.label))"
    }
    return (timeline.format(event.start), timeline[event.track].name, text)
  }
}

/// Puts intervals into as few rows as they need, first come first served.
struct RowPacking {
  private var ends: [Int] = []

  var rowCount: Int { max(ends.count, 1) }

  /// The first row in which nothing reaches `start`; intervals must come in order of `start`.
  mutating func row(for start: Int, _ end: Int) -> Int {
    for row in ends.indices where ends[row] < start {
      ends[row] = end
      return row
    }
    ends.append(end)
    return ends.count - 1
  }
}
