public import Machine

/// A family of wait/wound mutexes that are taken together: the kernel's `struct ww_class`.
///
/// It hands out the stamps that say which acquire context is older, and says who gives way.
@frozen public struct WoundWaitClass: ~Copyable {
  /// Which of two contexts gives way when they would wait for each other.
  @frozen public enum Rule: UInt32, Sendable {
    /// The younger one dies when it asks for a lock of the older one (`DEFINE_WD_CLASS`).
    case waitDie = 0
    /// The older one wounds the younger holder, which gives way when it next has to wait
    /// (`DEFINE_WW_CLASS`).
    case woundWait = 1
  }

  @usableFromInline let stamps: Word<UInt64>
  // Written once before publication.
  @usableFromInline let rule: Cell<UInt32>

  /// A family that follows one rule.
  @inlinable public init(_ rule: Rule) {
    stamps = Word(1)
    self.rule = Cell(rule.rawValue)
  }
}

/// One attempt to take several mutexes of a class: the kernel's `struct ww_acquire_ctx`.
///
/// It belongs to the task that made it and lives at least until it holds no lock.
@frozen public struct AcquireContext: ~Copyable {
  // Written once before publication. A smaller stamp is an older context.
  let stamp: Cell<UInt64>
  let isWaitDie: Cell<Bool>
  // Owned by the task; others read it under the guard of a mutex on which the task queues.
  let acquired: Cell<UInt32>
  // Set by whoever wounds, under the guard of a mutex that this context holds.
  let wounded = Word<UInt32>(0)
  // Owned by the task:
  let isComplete = Cell<Bool>(false)

  /// A context that is younger than every earlier one of the class (`ww_acquire_init`).
  ///
  /// Free it with ``Machine/free(_:)`` after ``finish()``.
  public static func make(of family: Object<WoundWaitClass>) -> Object<AcquireContext> {
    // relaxed: only the numbers must differ; the mutexes order everything else.
    let stamp = family.record.stamps.fetchAdd(1, .relaxed)
    let rule = family.record.rule.value
    return Machine.allocate(
      AcquireContext(stamp: stamp, isWaitDie: rule == WoundWaitClass.Rule.waitDie.rawValue))
  }

  init(stamp: UInt64, isWaitDie: Bool) {
    self.stamp = Cell(stamp)
    self.isWaitDie = Cell(isWaitDie)
    acquired = Cell(0)
  }

  /// The number of mutexes that the context holds; for its own task.
  public var lockCount: UInt32 { acquired.value }

  /// Says that every mutex is taken and no other will be asked for (`ww_acquire_done`).
  public func complete() {
    Kernel.warn(unless: !isComplete.value, "an acquire context was completed twice")
    isComplete.value = true
  }

  /// Ends the context, which must hold nothing any more (`ww_acquire_fini`).
  public func finish() {
    Kernel.warn(unless: acquired.value == 0, "an acquire context ended with locks held")
  }

  /// Whether another context came first.
  func isYounger(than other: borrowing AcquireContext) -> Bool {
    stamp.value > other.stamp.value
  }

  /// Forgets a wound that an earlier round left, once nothing is held.
  func beginRoundIfEmpty() {
    // relaxed: nobody wounds a context that holds nothing.
    if acquired.value == 0 { wounded.store(0, .relaxed) }
  }

  /// Whether somebody older wants what this context holds.
  var isWounded: Bool {
    // relaxed: the sleeper's full barrier stands before this read; KernelTask.wakeUp() after the
    // write. Edge `task.sleep`.
    wounded.load(.relaxed) != 0
  }
}
