public import CMachine
public import Synchronization

/// The machine a driver runs on: everything that is no access to one word.
///
/// With a conductor each call is one event; without, it does the native thing.
public enum Machine {
  // MARK: - Ordering

  /// A memory barrier of the running CPU.
  @inlinable @inline(__always)
  public static func barrier(_ kind: BarrierKind, edge: Edge, line: UInt32 = #line) {
    if Conductor.perform(.barrier(kind, edge: edge.at(line))) != nil { return }
    switch kind {
    case .compiler: fl_compiler_barrier()
    case .read, .afterControl: atomicMemoryFence(ordering: .acquiring)
    case .write: atomicMemoryFence(ordering: .releasing)
    case .full, .afterSpinlock, .afterUnlockLock:
      atomicMemoryFence(ordering: .sequentiallyConsistent)
    case .beforeAtomic, .afterAtomic:
      #if arch(x86_64)
        fl_compiler_barrier()
      #else
        atomicMemoryFence(ordering: .sequentiallyConsistent)
      #endif
    }
  }

  /// A full barrier on every CPU that runs this process (`membarrier`).
  ///
  /// - Returns: false where the system offers none; the caller then needs barriers of its own.
  public static func barrierEverywhere(edge: Edge, line: UInt32 = #line) -> Bool {
    if Conductor.perform(.membarrier(edge: edge.at(line))) != nil { return true }
    return fl_membarrier()
  }

  /// Whether ``barrierEverywhere(edge:)`` does anything natively.
  package static var hasBarrierEverywhere: Bool { fl_membarrier() }

  // MARK: - Waiting

  /// Waits, running, until the condition holds.
  ///
  /// - Returns: The bits that satisfied it.
  @inlinable
  @discardableResult public static func spin(until condition: Condition) -> UInt64 {
    if let conducted = Conductor.perform(.spin(condition)) { return conducted }
    return spinNatively(condition)
  }

  /// Lets others use this processor for a moment, in a loop that waits for several words.
  ///
  /// With a conductor nothing: it judges such a loop by its turns. Where one word is awaited,
  /// ``spin(until:)`` says which.
  public static func relax() {
    if Conductor.current == nil { fl_yield() }
  }

  /// Sleeps while the word holds `expected`.
  ///
  /// - Parameter deadline: On ``clock()``'s scale; nil sleeps without end.
  /// - Returns: false if the deadline passed first. Waking without cause is possible.
  public static func park(
    on word: borrowing Word<UInt32>, while expected: UInt32, deadline: UInt64? = nil
  ) -> Bool {
    if let conducted = Conductor.perform(
      .park(word: word.address, expected: expected, deadline: deadline))
    {
      return conducted != 0
    }
    let timeout = deadline.map { left(until: $0, now: clock()) } ?? -1
    // Safety: the word outlives the call because it is borrowed.
    return unsafe fl_futex_wait(UnsafeRawPointer(bitPattern: word.address), expected, timeout)
  }

  /// Nanoseconds until a moment, by one look at the clock: between two it may pass.
  private static func left(until moment: UInt64, now: UInt64) -> Int64 {
    moment > now ? Int64(clamping: moment - now) : 0
  }

  /// Wakes up to `count` threads that sleep on the word.
  public static func wake(_ word: borrowing Word<UInt32>, count: UInt32 = .max) {
    if Conductor.perform(.wake(word: word.address, count: count)) != nil { return }
    // Safety: the word outlives the call because it is borrowed.
    unsafe fl_futex_wake(UnsafeRawPointer(bitPattern: word.address), count)
  }

  // MARK: - Time and choice

  /// The monotonic clock, in nanoseconds.
  @inlinable public static func clock() -> UInt64 {
    if let conducted = Conductor.perform(.clock) { return conducted }
    return fl_clock_ns()
  }

  /// Lets time pass without doing anything.
  ///
  /// Natively this is a sleep.
  public static func delay(nanoseconds: UInt64) {
    if Conductor.perform(.delay(nanoseconds: nanoseconds)) != nil { return }
    let word = Word<UInt32>(0)
    // Safety: the word outlives the call; nobody else knows it, so only the timeout ends the wait.
    unsafe _ = fl_futex_wait(
      UnsafeRawPointer(bitPattern: word.address), 0, Int64(clamping: nanoseconds))
  }

  /// A decision that the program leaves open: explored runs try every number below `limit`.
  ///
  /// - Returns: 0 in native runs.
  public static func choose(below limit: UInt64, _ label: StaticString) -> UInt64 {
    precondition(limit > 0, "a choice needs at least one alternative")
    return Conductor.perform(.choose(below: limit, label: label)) ?? 0
  }

  // MARK: - Claims

  /// Says what must be true here.
  ///
  /// In native runs a false claim stops the process with the message.
  public static func expect(_ holds: Bool, _ message: @autoclosure () -> String) {
    #if !Bare
      let claim = Expectation(holds, holds ? "" : message(), severity: .failure)
      if Conductor.perform(.expectation(claim)) != nil { return }
    #endif
    precondition(holds, message())
  }

  /// Notes a promise that somebody relies on.
  ///
  /// Native runs do not keep book.
  @inlinable @inline(__always)
  public static func note(_ step: Obligation.Step, _ kind: Obligation.Kind, key: UInt) {
    _ = Conductor.perform(.obligation(Obligation(step, kind, key: key)))
  }

  @usableFromInline
  static func spinNatively(_ condition: Condition) -> UInt64 {
    while true {
      for _ in 0..<Limits.pauseCountMax {
        let bits = read(condition)
        if condition.holds(for: bits) { return bits }
        fl_pause()
      }
      // Whoever will make it true may have lost its CPU, perhaps to this thread.
      fl_yield()
    }
  }

  private static func read(_ condition: Condition) -> UInt64 {
    // Safety: a condition is made from a word that its maker keeps alive while it waits.
    if condition.width == 4,
      let word = unsafe UnsafePointer<Atomic<UInt32>>(
        bitPattern: condition.address)
    {
      return UInt64(unsafe word.pointee.load(ordering: .acquiring))
    }
    guard let word = unsafe UnsafePointer<Atomic<UInt64>>(bitPattern: condition.address) else {
      preconditionFailure("a condition without a word")
    }
    return unsafe word.pointee.load(ordering: .acquiring)
  }
}
