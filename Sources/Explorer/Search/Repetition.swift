/// Notices a loop whose turns are all the same: the same steps, reading the same values.
///
/// Such a loop waits for one of them to change, so running it further before somebody writes adds
/// nothing but length. See ``Limits/sameTurnsMax`` for what this assumes.
struct Repetition {
  /// One step of a turn.
  struct Token: Equatable {
    /// What was read, locked or unlocked; -1 for a step that has no place.
    var location: Int32
    /// What a read found, or what else the step was.
    var bits: UInt64
    var isRead: Bool
    /// How many reasons keep grace periods waiting after the step: locks, sections, levels.
    var depth: Int
  }

  private static let periodMax = 24
  private var tokens: [Token] = []
  /// The locations that one turn reads, while the thread is taken to wait for them.
  private(set) var awaited: [Int32] = []
  /// How often the loop was let run on although nobody had written anything.
  private(set) var vainTurns = 0

  var isWaiting: Bool { !awaited.isEmpty }

  mutating func reset() {
    tokens.removeAll(keepingCapacity: true)
    awaited.removeAll(keepingCapacity: true)
  }

  /// Notes a step that may change something for good, which ends any repetition.
  mutating func didAct() {
    reset()
    vainTurns = 0
  }

  /// Somebody wrote this location: a loop that waits for it goes on.
  mutating func didWrite(_ location: Int32) {
    if awaited.contains(location) { didAct() }
  }

  /// Nobody else can step: a bounded loop ends by itself, so it is let run on for a while.
  mutating func runOn() {
    reset()
    vainTurns += 1
  }

  /// Notes a step that leaves nothing behind, and decides whether the last turns were the same.
  ///
  /// A turn ends where the thread holds least, so that no loop is stopped with a lock held that it
  /// would have given back.
  mutating func didPass(_ token: Token) {
    tokens.append(token)
    let turns = Limits.sameTurnsMax
    for period in 1...Repetition.periodMax where tokens.count >= period * turns {
      let turn = tokens.suffix(period)
      guard turn.allSatisfy({ $0.depth >= token.depth }), turn.contains(where: \.isRead),
        repeats(period: period, turns: turns)
      else { continue }
      awaited = turn.filter(\.isRead).map(\.location)
      return
    }
    if tokens.count > 2 * Repetition.periodMax * turns {
      tokens.removeFirst(Repetition.periodMax * turns)
    }
  }

  private func repeats(period: Int, turns: Int) -> Bool {
    let end = tokens.count
    for offset in 1...(period * (turns - 1))
    where tokens[end - offset] != tokens[end - offset - period] {
      return false
    }
    return true
  }
}
