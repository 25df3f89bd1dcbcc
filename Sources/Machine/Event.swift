// The closed set of things that can happen on the machine. `Kernel` maps its primitives onto
// these, every conductor decides what they do, and nothing reaches a conductor by another way.

/// One step of a machine program, before it happens.
public enum Event: Sendable {
  /// A word or cell is read, written or updated. Returns the value before (or the value read).
  case access(Access)
  /// A memory barrier of the running CPU.
  case barrier(BarrierKind, edge: Edge)
  /// A full barrier on every CPU (`membarrier`).
  case membarrier(edge: Edge)
  /// Waits until a condition over one word holds. Returns the bits that satisfied it.
  case spin(Condition)
  /// Sleeps while the word holds `expected`; returns 1 if woken, 0 if the deadline passed first.
  case park(word: UInt, expected: UInt32, deadline: UInt64?)
  /// Wakes up to `count` sleepers of a word. Returns how many were woken.
  case wake(word: UInt, count: UInt32)
  /// A lock gets its class, by default that of its initialisation site.
  case lockClass(LockClass)
  /// Something that counts in the order of locks although it is no step on a lock word.
  case lockOrder(LockOrderNote)
  /// Takes a lock; the step happens when the lock is free.
  case acquire(LockStep)
  /// Takes a lock if it is free. Returns 1 if it was taken.
  case tryAcquire(LockStep)
  /// Gives a lock back.
  case release(LockStep)
  /// Reads whether a lock is held. Returns 1 if it is.
  case isHeld(lock: UInt)
  /// Interrupts, softirqs or preemption of the running CPU are switched off or on again.
  case level(Level, LevelChange)
  /// Enters a section: an RCU read section, or one that must end in a signal.
  case enter(Section)
  /// Leaves a section.
  case exit(Section)
  /// Waits until every read section that is open now has ended.
  case gracePeriod
  /// Memory for an object. Returns its address, or 0 where allocation fails by choice.
  case allocate(Allocation)
  /// The object ends; any access that is not ordered before this is a use after free.
  case free(address: UInt)
  /// The object ends after a grace period, without anybody waiting (`kfree_rcu`).
  case retire(address: UInt)
  /// Runs `body` as its own thread after a grace period (`call_rcu`).
  case afterGracePeriod(body: @Sendable () -> Void)
  /// Waits until everything handed to `afterGracePeriod` and `retire` so far has run.
  case graceBarrier
  /// A new thread of control.
  case spawn(Spawn)
  /// A decision that the program leaves open. Returns a number below the given one.
  case choose(below: UInt64, label: StaticString)
  /// The machine's monotonic clock, in nanoseconds.
  case clock
  /// Lets virtual time pass, at least this many nanoseconds.
  case delay(nanoseconds: UInt64)
  /// Something was promised, kept or given up.
  case obligation(Obligation)
  /// A claim about this point of the program.
  case expectation(Expectation)
}

/// A read, write or update of one machine word or cell.
public struct Access: Sendable {
  /// What the access does to the word.
  public enum Kind: UInt8, Sendable {
    case load, store, exchange, compareExchange, add, or, and
  }

  /// How far the access counts as marked.
  public enum Mark: UInt8, Sendable {
    /// A plain access of a ``Cell``: racing with any conflicting one.
    case plain
    /// An access of a ``Word``.
    case marked
    /// An update whose caller ignores the value (`set_bit`): its read half orders nothing.
    case markedWithoutResult
  }

  /// Address of the word; the conductor turns it into an identity.
  public let address: UInt
  /// Width in bytes, 4 or 8.
  public let width: UInt8
  /// What happens.
  public let kind: Kind
  /// Plain or marked.
  public let mark: Mark
  /// The ordering of the read half.
  public let loadOrdering: LoadOrdering
  /// The ordering of the write half.
  public let storeOrdering: StoreOrdering
  /// A value-returning update, ordered like a full barrier on both sides.
  public let isFullBarrier: Bool
  /// The value to write, add, or combine with.
  public let operand: UInt64
  /// What a compare-and-exchange must find.
  public let expected: UInt64
  /// The claim this access is part of.
  public let edge: Edge
  /// Which earlier loads of this thread the access depends on.
  public let dependencies: Dependencies

  /// Describes an access.
  public init(
    address: UInt, width: UInt8, kind: Kind, mark: Mark,
    loadOrdering: LoadOrdering = .relaxed, storeOrdering: StoreOrdering = .relaxed,
    isFullBarrier: Bool = false, operand: UInt64 = 0, expected: UInt64 = 0, edge: Edge = .none,
    dependencies: Dependencies = .none
  ) {
    self.address = address
    self.width = width
    self.kind = kind
    self.mark = mark
    self.loadOrdering = loadOrdering
    self.storeOrdering = storeOrdering
    self.isFullBarrier = isFullBarrier
    self.operand = operand
    self.expected = expected
    self.edge = edge
    self.dependencies = dependencies
  }

  /// Whether it is ordered as between two full barriers.
  public var isFull: Bool {
    isFullBarrier || kind == .load && loadOrdering == .full
      || kind == .store && storeOrdering == .full
  }
  /// Whether the word can differ afterwards.
  public var mayWrite: Bool { kind != .load }
  /// Whether the value before matters.
  public var reads: Bool { kind != .store }
}

/// The loads of the same thread that an access depends on: bit n stands for the n-th load.
///
/// Loads after the 63rd have no bit; leaving a dependency out only allows more behaviour.
public struct Dependencies: Sendable {
  /// Loads whose value is part of the address.
  public let address: UInt64
  /// Loads whose value is part of the value written.
  public let data: UInt64
  /// Loads whose value decided a branch before the access.
  public let control: UInt64

  /// Names the loads.
  public init(address: UInt64 = 0, data: UInt64 = 0, control: UInt64 = 0) {
    self.address = address
    self.data = data
    self.control = control
  }

  /// The access stands for itself.
  public static var none: Dependencies { Dependencies() }
}

/// A step on one lock.
public struct LockStep: Sendable {
  /// What the lock keeps out.
  public enum Kind: UInt8, Sendable {
    /// Spins, and disables preemption while held.
    case spinning
    /// Sleeps while another thread holds it.
    case sleeping
  }

  /// Address of the lock.
  public let lock: UInt
  /// Spinning or sleeping.
  public let kind: Kind
  /// Nesting depth that the caller declares for lock-order checks.
  public let subclass: UInt8

  /// Describes a step.
  public init(lock: UInt, kind: Kind, subclass: UInt8 = 0) {
    self.lock = lock
    self.kind = kind
    self.subclass = subclass
  }
}

/// The class of a lock: locks of one class obey one order.
public struct LockClass: Sendable {
  /// Address of the lock.
  public let lock: UInt
  /// Name of the class.
  public let name: StaticString

  /// Names the class of a lock.
  public init(lock: UInt, name: StaticString) {
    self.lock = lock
    self.name = name
  }
}

/// What a program says about the order of locks beyond what its spinlocks show, as the kernel's
/// annotations do (`lock_acquire`, `might_lock`).
///
/// It changes nothing and orders nothing.
public enum LockOrderNote: Sendable {
  /// What can stand in the order.
  public enum Party: Sendable {
    /// The locks of a class.
    case lock(class: StaticString)
    /// A section that must end in the signal of a fence.
    case signaling
    /// Taking memory back from whoever can spare some.
    case reclaim
  }

  /// A lock made of other primitives was taken, after waiting for it if need be.
  case taken(LockStep)
  /// The same where the taker would not have waited, or may take such locks in any order.
  case takenInAnyOrder(LockStep)
  /// Such a lock is given back.
  case givenBack(lock: UInt)
  /// A fence may be waited for here.
  case mayWaitForFence
  /// Memory may be taken back here.
  case mayReclaim
  /// Memory is being taken back, or no longer.
  case reclaims(Bool)
  /// Something that the whole kernel relies on, whether or not this program does it.
  case rule(outer: Party, inner: Party, reason: StaticString)
}

/// What of the running CPU is masked.
public enum Level: UInt8, Sendable { case interrupts, softirqs, preemption }

/// Masking nests: every `off` needs its `on`.
public enum LevelChange: UInt8, Sendable { case off, on }

/// A region of code with a meaning of its own.
public enum Section: UInt8, Sendable {
  /// Between `rcu_read_lock` and `rcu_read_unlock`.
  case rcuRead
  /// Between the publication of a fence and its signal.
  case signaling
}

/// A request for memory.
public struct Allocation: Sendable {
  /// Size in bytes.
  public let bytes: Int
  /// Alignment in bytes.
  public let alignment: Int
  /// What it is, for reports.
  public let type: String
  /// Whether the explorer may let it fail.
  public let mayFail: Bool
  /// Gives back what the record at an address refers to, such as a closure's context.
  ///
  /// For a conductor that drops the memory as a whole; it takes no step and is called once.
  public let dismantle: (@Sendable (UInt) -> Void)?

  /// Describes a request.
  public init(
    bytes: Int, alignment: Int, type: String, mayFail: Bool,
    dismantle: (@Sendable (UInt) -> Void)? = nil
  ) {
    self.bytes = bytes
    self.alignment = alignment
    self.type = type
    self.mayFail = mayFail
    self.dismantle = dismantle
  }
}

/// A new thread of control.
public struct Spawn: Sendable {
  /// What kind of context it runs in.
  public enum Context: UInt8, Sendable { case task, softirq, interrupt }

  /// Its name in reports.
  public let name: String
  /// The CPU it runs on.
  public let cpu: Int
  /// Task, softirq or interrupt.
  public let context: Context
  /// What it does.
  public let body: @Sendable () -> Void

  /// Describes a thread.
  public init(name: String, cpu: Int, context: Context, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.cpu = cpu
    self.context = context
    self.body = body
  }
}

/// A promise that somebody else relies on, such as "this callback will run once".
public struct Obligation: Sendable {
  /// What became of it.
  public enum Step: UInt8, Sendable { case opened, met, dropped }

  /// What was promised.
  public enum Kind: UInt8, Sendable { case callback, signal }

  /// Opened, met or dropped.
  public let step: Step
  /// What was promised.
  public let kind: Kind
  /// Address of the object that stands for the promise.
  public let key: UInt

  /// Describes a step of a promise.
  public init(_ step: Step, _ kind: Kind, key: UInt) {
    self.step = step
    self.kind = kind
    self.key = key
  }
}

/// A claim that is checked where it stands.
public struct Expectation: Sendable {
  /// How bad it is where the claim is false.
  public enum Severity: UInt8, Sendable {
    /// The scenario's own expectation.
    case failure
    /// The kernel would print a warning with a stack trace.
    case warning
  }

  /// Whether the claim holds.
  public let holds: Bool
  /// The claim in words.
  public let message: String
  /// Failure or warning.
  public let severity: Severity

  /// Describes a claim.
  public init(_ holds: Bool, _ message: String, severity: Severity) {
    self.holds = holds
    self.message = message
    self.severity = severity
  }
}
