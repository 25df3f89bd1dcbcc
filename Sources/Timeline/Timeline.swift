/// What happened during one run: tracks with events, in virtual time or in step order.
///
/// A recorder fills it, drawings read it; nothing in it depends on real time, addresses or hash
/// order, so equal runs give equal timelines and equal drawings.
public struct Timeline: Sendable, Hashable {
  /// What the times of a timeline count.
  public enum Clock: Sendable, Hashable {
    /// Virtual nanoseconds since the run began.
    case nanoseconds
    /// Steps of the schedule since the run began.
    case steps
  }

  /// One row of the drawing: a CPU, an engine, an interrupt line, a fence.
  public struct Track: Sendable, Hashable {
    /// The index in `Timeline.tracks`.
    public struct ID: Sendable, Hashable {
      let index: Int
    }
    /// The name beside the row.
    public let name: String
  }

  /// An arrow: one event led to another.
  public struct Flow: Sendable, Hashable {
    /// The event the arrow leaves.
    public let source: Event.ID
    /// The event the arrow points at.
    public let target: Event.ID
    /// What travels along it.
    public let label: String
  }

  /// The heading of the drawing.
  public let title: String
  /// What `Event.start` and `Event.end` count.
  public let clock: Clock
  /// The rows, in the order in which they were first named.
  public private(set) var tracks: [Track] = []
  /// The events, in the order in which they were recorded.
  public private(set) var events: [Event] = []
  /// The arrows, in the order in which they were recorded.
  public private(set) var flows: [Flow] = []

  /// Begins an empty timeline.
  public init(title: String, clock: Clock = .nanoseconds) {
    self.title = title
    self.clock = clock
  }

  /// The track of this name, added below the others if it is new.
  public mutating func track(_ name: String) -> Track.ID {
    if let index = tracks.firstIndex(where: { $0.name == name }) { return Track.ID(index: index) }
    tracks.append(Track(name: name))
    return Track.ID(index: tracks.count - 1)
  }

  /// Records an event without duration.
  @discardableResult
  public mutating func instant(
    _ label: String, on track: Track.ID, at time: UInt64, mark: Mark? = nil
  ) -> Event.ID {
    append(Event(label: label, track: track, start: time, end: time, kind: .instant, mark: mark))
  }

  /// Records a span whose end is known.
  @discardableResult
  public mutating func span(
    _ label: String, on track: Track.ID, from start: UInt64, to end: UInt64,
    kind: Event.Kind = .work, mark: Mark? = nil
  ) -> Event.ID {
    precondition(start <= end, "the span \(label) ends before it starts")
    return append(
      Event(label: label, track: track, start: start, end: end, kind: kind, mark: mark))
  }

  /// Records the start of a span whose end comes later, or never.
  public mutating func open(
    _ label: String, on track: Track.ID, at start: UInt64, kind: Event.Kind = .work,
    mark: Mark? = nil
  ) -> Event.ID {
    append(Event(label: label, track: track, start: start, end: nil, kind: kind, mark: mark))
  }

  /// Ends an open span.
  public mutating func close(_ span: Event.ID, at end: UInt64) {
    let event = events[span.index]
    precondition(event.end == nil, "the span \(event.label) has an end already")
    precondition(event.start <= end, "the span \(event.label) ends before it starts")
    events[span.index].end = end
  }

  /// Records that `source` led to `target`.
  public mutating func flow(from source: Event.ID, to target: Event.ID, label: String = "") {
    flows.append(Flow(source: source, target: target, label: label))
  }

  private mutating func append(_ event: Event) -> Event.ID {
    precondition(tracks.indices.contains(event.track.index), "the track is of another timeline")
    precondition(event.kind != .instant || event.end == event.start, "an instant has no duration")
    events.append(event)
    return Event.ID(index: events.count - 1)
  }

  /// The time at which the last event starts or ends.
  public var end: UInt64 {
    events.reduce(0) { max($0, $1.end ?? $1.start) }
  }

  /// The event an identity stands for.
  public subscript(event: Event.ID) -> Event { events[event.index] }

  /// The track an identity stands for.
  public subscript(track: Track.ID) -> Track { tracks[track.index] }
}
