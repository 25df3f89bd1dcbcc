/// Fills a timeline while a program runs.
///
/// Programs under a conductor run as coroutines of one OS thread, so a recorder needs no lock; it
/// must not be shared with native threads. Every call is instantaneous: times come from the caller.
public final class TimelineRecorder {
  private var recorded: Timeline
  private var latest: [Int: Timeline.Event.ID] = [:]

  /// Starts with an empty timeline.
  public init(title: String, clock: Timeline.Clock = .nanoseconds) {
    recorded = Timeline(title: title, clock: clock)
  }

  /// What has been recorded so far.
  public var timeline: Timeline { recorded }

  /// Fixes the order of the tracks before the first event.
  public func track(_ name: String) {
    _ = recorded.track(name)
  }

  /// Records an event without duration.
  @discardableResult
  public func instant(_ label: String, on track: String, at time: UInt64, mark: Mark? = nil)
    -> Timeline.Event.ID
  {
    note(recorded.instant(label, on: recorded.track(track), at: time, mark: mark))
  }

  /// Records the start of a span.
  public func open(
    _ label: String, on track: String, at time: UInt64, kind: Timeline.Event.Kind = .work,
    mark: Mark? = nil
  ) -> Timeline.Event.ID {
    note(recorded.open(label, on: recorded.track(track), at: time, kind: kind, mark: mark))
  }

  /// Records the end of a span.
  public func close(_ span: Timeline.Event.ID, at time: UInt64) {
    recorded.close(span, at: time)
  }

  /// Records the end of the span opened last on a track, if it is still open.
  public func closeLatest(on track: String, at time: UInt64) {
    guard let index = latest[recorded.track(track).index], recorded[index].end == nil else {
      return
    }
    recorded.close(index, at: time)
  }

  /// Records that one event led to another.
  public func flow(
    from source: Timeline.Event.ID, to target: Timeline.Event.ID, label: String = ""
  ) {
    recorded.flow(from: source, to: target, label: label)
  }

  /// The event recorded last on a track: what a later event elsewhere most likely came from.
  public func latest(on track: String) -> Timeline.Event.ID? {
    latest[recorded.track(track).index]
  }

  private func note(_ event: Timeline.Event.ID) -> Timeline.Event.ID {
    latest[recorded[event].track.index] = event
    return event
  }
}

// Safety: all callers are coroutines of one OS thread, and no call switches between them.
extension TimelineRecorder: @unchecked Sendable {}
