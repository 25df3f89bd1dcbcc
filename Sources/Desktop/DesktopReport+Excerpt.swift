internal import Kernel
public import Timeline

extension DesktopReport {
  /// The frames around the hang, or the first ones where nothing hung: one row a client.
  ///
  /// A late frame is drawn as a window; one with an error says so.
  public var excerpt: Timeline {
    let margin = Limits.refreshNanoseconds
    let start = hang.map { $0.began > margin ? $0.began - margin : 0 } ?? 0
    let end = (hang.map { $0.recovered ?? $0.reset } ?? 4 * margin) + margin
    let from = "from \(start / 1_000_000) ms on"
    var timeline = Timeline(
      title: hang == nil ? "The first frames" : "Frames around the hang, \(from)")
    for client in DesktopClient.allCases { _ = timeline.track(client.rawValue) }
    for frame in frames where frame.end > start && frame.end < end {
      let label = frame.error.map { "\(frame.number): \($0)" } ?? "\(frame.number)"
      let mark: Mark? = frame.error.map { $0 == .timeExpired ? .cause : .notice }
      timeline.span(
        label, on: timeline.track(frame.client.rawValue), from: max(frame.begin, start) - start,
        to: frame.end - start, kind: frame.isLate ? .window : .work, mark: mark)
    }
    return timeline
  }
}
