internal import Machine

/// What both conductors know of a thread of control: who it is, and what it holds and has switched
/// off.
///
/// The objects are reused from one execution to the next, together with their coroutines.
class ConductedThread {
  final let index: Int
  final let coroutine: Coroutine
  final var name = ""
  final var cpu = 0
  final var context = Spawn.Context.task

  // Levels. `readerDepth` counts every reason why grace periods wait for this thread.
  final var interruptsOff = 0
  final var softirqsOff = 0
  final var preemptionOff = 0
  final var readDepth = 0
  final var readerDepth = 0
  /// How many reasons keep other tasks of its CPU out: each level that is off is one.
  final var preemptionDepth: Int { preemptionOff + interruptsOff + softirqsOff }
  /// Addresses of held locks, oldest first.
  final var held: [UInt] = []
  /// Outermost read sections that it has left.
  private var sectionsLeft = 0
  /// The objects that a dependent load led to in a read section, and how many it had left then.
  private var reached: [Int32: Int] = [:]

  init(index: Int, stackBytes: Int?) {
    self.index = index
    coroutine = stackBytes.map { Coroutine(stackBytes: $0) } ?? Coroutine()
  }

  /// Makes the thread new for an execution.
  final func begin(as spawn: Spawn) {
    name = spawn.name
    cpu = spawn.cpu
    context = spawn.context
    (interruptsOff, softirqsOff, preemptionOff, readDepth, readerDepth) = (0, 0, 0, 0, 0)
    held.removeAll(keepingCapacity: true)
    sectionsLeft = 0
    reached.removeAll(keepingCapacity: true)
  }

  /// The name in reports, with what it is.
  final var title: String {
    switch context {
    case .interrupt: "\(name) (interrupt)"
    case .softirq where cpu < Limits.cpuCountMax: "\(name) (softirq)"
    case .task, .softirq: name
    }
  }

  final var isTask: Bool { context == .task }
  /// Whether the thread keeps the softirqs of its CPU from beginning.
  final var keepsSoftirqsOut: Bool { interruptsOff > 0 || softirqsOff > 0 }

  /// How the order of locks sees the thread.
  final var lockTaker: LockOrder.Taker {
    LockOrder.Taker(
      thread: index, name: name, context: context,
      hasInterruptsOn: context != .interrupt && interruptsOff == 0,
      hasSoftirqsOn: isTask && !keepsSoftirqsOut,
      isAtomic: !isTask || readerDepth > readDepth)
  }
}

// MARK: - The rules of a thread

extension ConductedThread {
  /// Switches a level off or on again.
  func change(_ level: Level, _ change: LevelChange) -> Failure? {
    let amount = change == .off ? 1 : -1
    switch level {
    case .interrupts: interruptsOff += amount
    case .softirqs: softirqsOff += amount
    case .preemption: preemptionOff += amount
    }
    guard min(interruptsOff, softirqsOff, preemptionOff) < 0 else { return nil }
    return Failure(
      verdict: .lockMisuse, rule: "lock-misuse/level",
      message: "\(name) restores \(level) that it had not switched off.")
  }

  /// Forgets a lock that is given back.
  ///
  /// - Parameter holder: Who holds the lock instead, if anybody.
  func giveBack(_ lock: UInt, heldInsteadBy holder: String?, in arena: Arena) -> Failure? {
    if let position = held.lastIndex(of: lock) {
      held.remove(at: position)
      return nil
    }
    let whose = holder.map { "\($0) holds" } ?? "nobody holds"
    return Failure(
      verdict: .lockMisuse, rule: "lock-misuse/not-holder",
      message: "\(name) releases a lock that \(whose).", object: arena.object(at: lock))
  }

  /// Leaves a read section; the region that keeps grace periods waiting is the caller's.
  func leaveReadSection() -> Failure? {
    guard readDepth == 0 else {
      readDepth -= 1
      if readDepth == 0 { sectionsLeft += 1 }
      return nil
    }
    return Failure(
      verdict: .rcuMisuse, rule: "rcu-misuse/not-open",
      message: "\(name) leaves a read section that it had not entered.")
  }

  /// A dependent load has led to an object: a promise for as long as the read section lasts.
  func noteReached(_ object: Int32) {
    if object >= 0, readDepth > 0 { reached[object] = sectionsLeft }
  }

  /// Whether it reached the object in a read section that it has left.
  func hasLeftSection(of object: Int32) -> Bool {
    reached[object].map { $0 < sectionsLeft } ?? false
  }

  /// What is wrong with going to sleep now.
  var sleepMisuse: Failure? {
    guard readerDepth > 0 else { return nil }
    return Failure(
      verdict: .atomicSleep, rule: "atomic-sleep",
      message: "\(name) sleeps where it must not: in a read section, in an interrupt, "
        + "or with a spinlock held or interrupts off.")
  }

  /// What is wrong with waiting for a grace period now.
  var graceMisuse: Failure? {
    guard readerDepth > 0 else { return nil }
    let isReading = readDepth > 0
    return Failure(
      verdict: isReading ? .rcuMisuse : .atomicSleep,
      rule: isReading ? "rcu-misuse/wait-in-section" : "atomic-sleep/grace-period",
      message: "\(name) waits for a grace period inside "
        + "\(isReading ? "its own read section" : "atomic context").")
  }

  /// What a thread that ends here will never give back.
  func leftOpen(in arena: Arena) -> Failure? {
    if let lock = held.last {
      return Failure(
        verdict: .lockMisuse, rule: "lock-misuse/left-held",
        message: "\(name) ends and still holds a lock in \(arena.describe(lock)).",
        object: arena.object(at: lock))
    }
    if readDepth > 0 {
      return Failure(
        verdict: .rcuMisuse, rule: "rcu-misuse/left-open",
        message: "\(name) ends inside a read section.")
    }
    guard interruptsOff + softirqsOff + preemptionOff > 0 else { return nil }
    return Failure(
      verdict: .lockMisuse, rule: "lock-misuse/level",
      message: "\(name) ends with interrupts, softirqs or preemption switched off.")
  }
}

extension Hash {
  /// Identifies a scenario by its name and its threads; deferred work runs on no CPU and is none.
  static func program<T: ConductedThread>(_ name: String, _ threads: ArraySlice<T>) -> UInt32 {
    var hash = Hash()
    hash.mix(name)
    for thread in threads where thread.cpu < Limits.cpuCountMax {
      hash.mix(thread.name)
      hash.mix(UInt64(thread.cpu))
    }
    return hash.value
  }
}
