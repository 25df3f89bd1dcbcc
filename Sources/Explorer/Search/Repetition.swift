/// Notices a loop that reads the same values again and again.
///
/// Such a loop waits for one of them to change, so running it further before somebody writes adds
/// nothing but length. See ``Limits/sameReadsMax`` for what this assumes.
struct Repetition {
  private struct Read: Equatable {
    var location: Int32
    var bits: UInt64
  }

  private static let periodMax = 12
  private var reads: [Read] = []
  /// The locations of one turn of the loop, while the thread is taken to wait for them.
  private(set) var awaited: [Int32] = []
  /// How often the loop was let run on although nobody had written anything.
  private(set) var vainTurns = 0

  var isWaiting: Bool { !awaited.isEmpty }

  mutating func reset() {
    reads.removeAll(keepingCapacity: true)
    awaited.removeAll(keepingCapacity: true)
  }

  /// Notes a step that may change something, which ends any repetition.
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

  /// Notes a read, and decides whether the last turns were all the same.
  mutating func didRead(_ location: Int32, bits: UInt64) {
    reads.append(Read(location: location, bits: bits))
    let turns = Limits.sameReadsMax
    for period in 1...Repetition.periodMax where reads.count >= period * turns {
      if repeats(period: period, turns: turns) {
        awaited = reads.suffix(period).map(\.location)
        return
      }
    }
    if reads.count > 2 * Repetition.periodMax * turns {
      reads.removeFirst(Repetition.periodMax * turns)
    }
  }

  private func repeats(period: Int, turns: Int) -> Bool {
    let end = reads.count
    for offset in 1...(period * (turns - 1))
    where reads[end - offset] != reads[end - offset - period] {
      return false
    }
    return true
  }
}
