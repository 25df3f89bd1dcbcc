internal import Machine

extension ExplorationConductor {
  /// Notes a step as part of a possible waiting loop.
  func noteTurn(of thread: VirtualThread, _ pending: PendingStep) {
    guard phase == .running, case .event(let event) = pending,
      let token = token(of: event, by: thread)
    else { return thread.repetition.didAct() }
    thread.repetition.didPass(token)
  }

  /// The step as a token, or nil where it leaves something behind.
  private func token(of event: Event, by thread: VirtualThread) -> Repetition.Token? {
    let place = trace.last?.footprint.location ?? -1
    func token(_ bits: UInt64, isRead: Bool = false) -> Repetition.Token {
      Repetition.Token(
        location: place, bits: bits, isRead: isRead, depth: thread.readerDepth)
    }
    switch event {
    case .access(let access):
      let failed = access.kind == .compareExchange && thread.result != access.expected
      return access.kind == .load || failed ? token(thread.result, isRead: true) : nil
    case .isHeld: return token(thread.result, isRead: true)
    case .clock: return token(thread.result)
    case .acquire: return token(1)
    case .release: return token(2)
    case .level(let level, let change):
      return token(4 + UInt64(level.rawValue) * 2 + UInt64(change.rawValue))
    case .enter: return token(10)
    case .exit: return token(11)
    default: return nil
    }
  }

  /// Loops that wait for this location may go on.
  func wakeLoops(on location: Int32) {
    for thread in threads where thread.repetition.isWaiting {
      thread.repetition.didWrite(location)
    }
  }

  /// If only loops that wait for a change are left, they run on: a bounded one ends by itself, and
  /// one that does not is a livelock.
  func wakeLoops() -> UInt32 {
    var enabled: UInt32 = 0
    for thread in threads where thread.repetition.isWaiting {
      thread.repetition.runOn()
      if thread.repetition.vainTurns > Limits.vainTurnsMax {
        fail(
          Failure(
            verdict: .livelock, rule: "livelock",
            message: "\(thread.name) reads the same values for ever, and nobody is left to "
              + "change them."))
        return 0
      }
      if isEnabled(thread) { enabled |= thread.bit }
    }
    return enabled
  }
}
