/// One way through a thread: which branches it takes, which updates and lock attempts succeed.
struct ThreadPath {
  var events: [PathEvent] = []
  /// Barriers, each before the event with the number beside it.
  var barriers: [(barrier: LitmusBarrier, position: Int)] = []
  /// What must hold for the thread to come this way.
  var assumptions: [(formula: Formula, isTrue: Bool)] = []
  /// Registers at the end.
  var registers: [String: Tracked] = [:]
  /// Read sections still open, by their first event.
  var openSections: [Int] = []
  /// Outermost read sections, first and last event.
  var sections: [(first: Int, last: Int)] = []
  /// A read section that was left without having been entered, or never left.
  var isUnbalanced = false
}

/// What an event is.
enum EventKind: Hashable {
  case initial, read, write
  /// The two halves of taking a lock.
  case lockRead, lockWrite
  case unlock
  /// A `spin_trylock` that failed.
  case lockFailed
  /// `spin_is_locked`, true and false.
  case seenLocked, seenUnlocked
  case enterReadSection, leaveReadSection, gracePeriod

  var isRead: Bool {
    switch self {
    case .read, .lockRead, .lockFailed, .seenLocked, .seenUnlocked: true
    default: false
    }
  }

  var isWrite: Bool {
    switch self {
    case .initial, .write, .lockWrite, .unlock: true
    default: false
    }
  }

  var isAccess: Bool { isRead || isWrite }

  var touchesLock: Bool {
    switch self {
    case .lockRead, .lockWrite, .unlock, .lockFailed, .seenLocked, .seenUnlocked: true
    default: false
    }
  }
}

/// How an access is marked.
enum EventMark: Hashable {
  case plain, once, acquire, release
  /// Half of an update that is ordered as between two full barriers.
  case full
  /// The read half of an update that returns nothing.
  case noReturn
}

/// One event of a path.
struct PathEvent {
  var kind: EventKind
  var mark = EventMark.once
  var address = Tracked.integer(0)
  /// What a write stores.
  var value = Tracked.integer(0)
  /// The reads whose branches this event stands in.
  var control: UInt64 = 0
  /// Whether this belongs to an update, even one that did not store.
  var isUpdate = false
  /// The read half of this write.
  var readHalf: Int?
  var line = 0
}
