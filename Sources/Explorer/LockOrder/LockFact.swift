/// What a program was first seen to do with a lock class.
///
/// Facts are plain values: processes that explore parts of one search add theirs up, and a search
/// that goes on later knows them.
struct LockFact: Codable, Sendable {
  enum Kind: String, Codable, Sendable, CaseIterable {
    /// A lock of the class was taken while one of the outer class was held.
    case nested
    /// One was taken in a hard interrupt.
    case inInterrupt
    /// One was held while an interrupt could come.
    case interruptible
    /// The same two for softirqs.
    case inSoftirq, softirqable
  }

  var kind: Kind
  var taken: LockClassName
  /// What was held; the class itself where nothing matters.
  var outer: LockClassName
  /// Who did it, in words.
  var sentence: String
  /// How it came to that, where schedules are steps.
  var schedule: SavedSchedule?
}
