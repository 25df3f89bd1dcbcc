/// Notices a loop whose turns are all the same: the same reads, from the same stores.
///
/// Locking and unlocking are part of a turn; any other write ends the repetition. A loop stands
/// still where a turn would begin once more with nothing held that the turn gives back.
struct GraphTurns {
  struct Token: Equatable {
    var location: Int32
    /// The store that was read, or what else the step was.
    var source: Int32
    /// How many reasons keep grace periods waiting.
    var depth: Int32

    static func lock(_ location: Int32, depth: Int) -> Token {
      Token(location: location, source: -10, depth: Int32(depth))
    }

    static func unlock(_ location: Int32, depth: Int) -> Token {
      Token(location: location, source: -11, depth: Int32(depth))
    }
  }

  private static let periodMax = 24
  private var tokens: [Token] = []
  /// How often the loop was let run on although nobody was left to end it.
  private(set) var vainTurns = 0

  /// A step that leaves something behind.
  mutating func didAct() {
    tokens.removeAll(keepingCapacity: true)
    vainTurns = 0
  }

  mutating func didPass(_ token: Token) {
    tokens.append(token)
    if tokens.count > 2 * GraphTurns.periodMax * Limits.sameTurnsMax {
      tokens.removeFirst(GraphTurns.periodMax * Limits.sameTurnsMax)
    }
  }

  /// The loop runs on, because nobody else can do anything.
  mutating func runOn() {
    tokens.removeAll(keepingCapacity: true)
    vainTurns += 1
  }

  /// The turn that has been taken again and again and would begin once more with this step, or an
  /// empty one.
  func turn(beforeRepeating token: Token) -> ArraySlice<Token> {
    let turns = Limits.sameTurnsMax
    for period in 1...GraphTurns.periodMax where tokens.count >= period * turns {
      let turn = tokens.suffix(period)
      guard turn.first == token, turn.allSatisfy({ $0.depth >= token.depth }),
        repeats(period, turns)
      else { continue }
      return turn
    }
    return []
  }

  private func repeats(_ period: Int, _ turns: Int) -> Bool {
    let end = tokens.count
    for offset in 1...(period * (turns - 1))
    where tokens[end - offset] != tokens[end - offset - period] {
      return false
    }
    return true
  }
}
