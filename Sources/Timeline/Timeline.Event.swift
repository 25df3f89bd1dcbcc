extension Timeline {
  /// Something that happened on one track.
  public struct Event: Sendable, Hashable {
    /// The index in `Timeline.events`.
    public struct ID: Sendable, Hashable {
      let index: Int
    }

    /// What an event is; each kind is drawn with a line or a fill of its own.
    public enum Kind: Sendable, Hashable {
      /// Something without duration.
      case instant
      /// A span in which the track did something.
      case work
      /// A span in which the track waited.
      case wait
      /// A span in which a promise does not hold yet: the window a lesson is about.
      case window
    }

    /// What happened, in a few words.
    public let label: String
    /// Where it happened.
    public let track: Track.ID
    /// When it began.
    public let start: UInt64
    /// When it ended; `nil` if the run ended first.
    public internal(set) var end: UInt64?
    /// Whether it is an instant, and otherwise which kind of span.
    public let kind: Kind
    /// What a reader must notice about it.
    public let mark: Mark?
  }

  /// A time with its unit; the unit follows from the length of the whole run.
  public func format(_ time: UInt64) -> String {
    switch clock {
    case .steps: return "step \(time)"
    case .nanoseconds:
      if end < 100_000 { return "\(time) ns" }
      return end < 100_000_000
        ? Self.decimal(time, 1_000) + " µs" : Self.decimal(time, 1_000_000) + " ms"
    }
  }

  /// `time` in a unit of `size`, with two decimals, rounded down.
  private static func decimal(_ time: UInt64, _ size: UInt64) -> String {
    let hundredths = time % size * 100 / size
    return "\(time / size).\(hundredths < 10 ? "0" : "")\(hundredths)"
  }
}
