import Machine

/// A conductor that writes down what it is asked and answers what it was told to.
final class Recorder: Conductor {
  private(set) var events: [Event] = []
  private let answer: UInt64

  /// Every event gets the same answer.
  init(answering answer: UInt64 = 0, summarises: Bool = true) {
    self.answer = answer
    super.init(summarises: summarises)
  }

  override func perform(_ event: Event) -> UInt64 {
    events.append(event)
    return answer
  }

  /// The events in words.
  var lines: [String] { events.map(Self.line) }

  /// The accesses among the events.
  var accesses: [Access] {
    events.compactMap { if case .access(let access) = $0 { access } else { nil } }
  }

  private static func line(_ event: Event) -> String {
    switch event {
    case .access(let access): "\(access.kind) \(access.mark) \(access.width)"
    case .barrier(let kind, let edge): "barrier \(kind) \(edge.label)"
    case .membarrier(let edge): "membarrier \(edge.label)"
    case .spin(let condition): "spin \(condition.width) \(condition.mask) \(condition.value)"
    case .park(_, let expected, let deadline): "park \(expected) \(deadline ?? 0)"
    case .wake(_, let count): "wake \(count)"
    case .level(let level, let change): "\(level) \(change)"
    case .allocate(let request): "allocate \(request.bytes) at \(request.alignment)"
    case .free: "free"
    case .choose(let limit, let label): "choose \(limit) \(label)"
    case .clock: "clock"
    case .delay(let nanoseconds): "delay \(nanoseconds)"
    case .obligation(let note): "\(note.kind) \(note.step) \(note.key)"
    case .expectation(let claim): "\(claim.severity) \(claim.holds) \(claim.message)"
    case .lockClass, .lockOrder, .acquire, .tryAcquire, .release, .isHeld, .enter, .exit,
      .gracePeriod, .retire, .afterGracePeriod, .graceBarrier, .spawn:
      "not of this floor"
    }
  }
}
