internal import Machine

/// For each lane a number of its nodes, from its beginning.
typealias GraphClock = SIMD16<UInt16>

/// One event of an execution graph: a half of an access, a barrier, a region's end, a decision.
///
/// A read-modify-write is two nodes in a row, so that the axioms can tell its halves apart.
struct GraphNode {
  enum Kind: UInt8 {
    case read, write, barrier
    /// The outermost beginning and end of what keeps grace periods waiting.
    case readerEnters, readerLeaves
    case gracePeriod
    /// A full barrier here and somewhere in every other lane.
    case barrierEverywhere
    /// An alternative that the program left open.
    case choice
    /// The plain writes that begin and end an object; no read ever sees them.
    case allocation, free
    /// A place in the lane where a handler begins or ends.
    case handlerEnters, handlerLeaves
  }

  struct Traits: OptionSet {
    let rawValue: UInt32
    static let plain = Traits(rawValue: 1 << 0)
    static let acquire = Traits(rawValue: 1 << 1)
    static let release = Traits(rawValue: 1 << 2)
    /// A half of a value-returning read-modify-write that succeeded.
    static let full = Traits(rawValue: 1 << 3)
    /// The read half of an update whose caller ignores the value.
    static let withoutResult = Traits(rawValue: 1 << 4)
    /// A half of a read-modify-write that wrote.
    static let update = Traits(rawValue: 1 << 5)
    /// A half of a lock's acquisition.
    static let lock = Traits(rawValue: 1 << 6)
    static let unlock = Traits(rawValue: 1 << 7)
    /// The read waits for a value; with another one its lane stands still.
    static let waits = Traits(rawValue: 1 << 8)
    /// The address read leads on: accesses through it depend on this read.
    static let leads = Traits(rawValue: 1 << 9)
    /// A read of a loop that would read the same for ever.
    static let stuck = Traits(rawValue: 1 << 10)
    /// The read half of a compare-and-exchange: whether it is an update depends on the value.
    static let compares = Traits(rawValue: 1 << 11)
    /// The lane has left the read section in which a dependent load led to the object.
    static let afterSection = Traits(rawValue: 1 << 12)
    /// What a half of an update is only where it wrote.
    static let onSuccess: Traits = [.update, .acquire, .full, .lock]
  }

  var kind: Kind
  var lane: UInt8
  var traits: Traits = []
  var barrier: BarrierKind = .compiler
  /// Place in its lane, from 0.
  var position: Int32 = 0
  /// Number of the location; -1 for none.
  var location: Int32 = -1
  /// The object that the access is in, or that begins or ends; -1 for none.
  var object: Int32 = -1
  /// Read, written, or chosen.
  var value: UInt64 = 0
  /// What a read reads from; ``ExecutionGraph/initial`` for what was there before.
  var source: Int32 = ExecutionGraph.initial
  /// Neighbours of a write in its location's coherence order.
  var coherenceBefore: Int32 = ExecutionGraph.initial
  var coherenceAfter: Int32 = ExecutionGraph.none
  /// What a waiting read waits for, or a compare-and-exchange must find.
  var wanted = Wanted()
  /// The traits that the read half of a compare-and-exchange has where it succeeds.
  var success: Traits = []
  /// Loads of this lane that the node depends on, by their number.
  var addressDependencies: UInt64 = 0
  var dataDependencies: UInt64 = 0
  var controlDependencies: UInt64 = 0
  /// How many nodes of each lane come before this one in program order and reads-from.
  var view = GraphClock(repeating: 0)
  /// How many nodes of each lane are known to have happened before, by releases and acquires.
  var clock = GraphClock(repeating: 0)
  /// What a read learns that acquires from this write.
  var released = GraphClock(repeating: 0)

  var isAccess: Bool { kind == .read || kind == .write }
  /// Accesses, and the plain writes that begin and end objects.
  var isMemory: Bool { isAccess || kind == .allocation || kind == .free }
  var isWrite: Bool { isMemory && kind != .read }
  var isMarked: Bool { isAccess && !traits.contains(.plain) }
  /// Whether the node is a read that waits for another value than it found.
  var isBlocked: Bool {
    kind == .read
      && (traits.contains(.stuck) || traits.contains(.waits) && !wanted.holds(for: value))
  }
}

extension GraphNode {
  /// A compare-and-exchange that fails is a lone read that orders nothing.
  mutating func settleComparison() {
    guard traits.contains(.compares) else { return }
    traits.subtract(.onSuccess)
    if wanted.holds(for: value) { traits.formUnion(success) }
  }

  /// Whether a write half must follow.
  var mustWrite: Bool { kind == .read && traits.contains(.update) && !isBlocked }
}

/// The condition of a waiting read.
struct Wanted {
  var mask: UInt64 = 0
  var value: UInt64 = 0
  var mustBeEqual = true

  func holds(for bits: UInt64) -> Bool { (bits & mask == value & mask) == mustBeEqual }
}
