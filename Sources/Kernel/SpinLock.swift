public import Machine

/// A lock that keeps other CPUs out while a few instructions run: the kernel's `spinlock_t`.
///
/// It is four bytes and never sleeps. While it is held, preemption is off on this CPU, and hence
/// the holder is an RCU reader of the modelled machine. It lives in place, inside a record.
///
/// Ordering: whoever takes the lock sees everything written before it was given back. Edge
/// `spinlock.handover`.
@frozen public struct SpinLock: ~Copyable {
  // 0 free, 1 held.
  @usableFromInline let word: Word<UInt32>

  /// A free lock that nobody else can see yet.
  @inlinable public init() { word = Word(0) }

  /// Where the lock lives.
  @inlinable @inline(__always) public var address: UInt { word.address }

  /// Makes the lock free, in memory that nobody else can see yet (`spin_lock_init`).
  @inlinable public func initialise(class name: StaticString) {
    // relaxed: nobody else can see the lock yet.
    word.store(0, .relaxed)
    setClass(name)
  }

  /// Names the class whose order the lock obeys (`lockdep_set_class`).
  @inlinable public func setClass(_ name: StaticString) {
    _ = Conductor.perform(.lockClass(LockClass(lock: address, name: name)))
  }

  // MARK: - Taking and giving back

  /// Takes the lock, spinning while another CPU holds it (`spin_lock`).
  ///
  /// - Ordering: Acquire.
  /// - Progress: Spins. Deadlocks if an interrupt handler of this CPU takes the same lock and
  ///   interrupts are on; see ``lockIRQSave(subclass:)``.
  @inlinable @inline(__always)
  public func lock(subclass: UInt8 = 0) {
    if Conductor.performSummary(.acquire(step(subclass))) != nil { return }
    Machine.disablePreemption()
    // acquire[spinlock.handover] ← release in SpinLock.unlock(). Sees what the last holder wrote.
    if word.exchange(1, .acquire, edge: "spinlock.handover") != 0 { lockSlowly() }
  }

  /// Takes the lock if it is free (`spin_trylock`).
  ///
  /// - Returns: Whether the caller holds it now.
  /// - Ordering: Acquire where it succeeds, none where it fails.
  @inlinable
  public func tryLock() -> Bool {
    if let taken = Conductor.performSummary(.tryAcquire(step(0))) { return taken != 0 }
    Machine.disablePreemption()
    // acquire[spinlock.handover] ← release in SpinLock.unlock(). Sees what the last holder wrote.
    if word.compareExchange(0, with: 1, .acquire, edge: "spinlock.handover") == 0 { return true }
    Machine.enablePreemption()
    return false
  }

  /// Gives the lock back (`spin_unlock`).
  ///
  /// - Ordering: Release.
  @inlinable @inline(__always)
  public func unlock() {
    if Conductor.performSummary(.release(step(0))) != nil { return }
    // release[spinlock.handover] → acquire in SpinLock.lock(). Publishes the critical section.
    word.store(0, .release, edge: "spinlock.handover")
    Machine.enablePreemption()
  }

  /// Masks interrupts on this CPU, then takes the lock (`spin_lock_irqsave`).
  ///
  /// The nesting depth stands in for the kernel's saved flags.
  @inlinable @inline(__always)
  public func lockIRQSave(subclass: UInt8 = 0) {
    Machine.disableInterrupts()
    lock(subclass: subclass)
  }

  /// Gives the lock back and unmasks interrupts as far as they were (`spin_unlock_irqrestore`).
  @inlinable @inline(__always)
  public func unlockIRQRestore() {
    unlock()
    Machine.restoreInterrupts()
  }

  /// Masks softirqs on this CPU, then takes the lock (`spin_lock_bh`).
  @inlinable @inline(__always)
  public func lockBH(subclass: UInt8 = 0) {
    Machine.disableSoftirqs()
    lock(subclass: subclass)
  }

  /// Gives the lock back and unmasks softirqs as far as they were (`spin_unlock_bh`).
  @inlinable @inline(__always)
  public func unlockBH() {
    unlock()
    Machine.enableSoftirqs()
  }

  /// Runs `body` with the lock held and interrupts masked.
  @inlinable
  public func withLockIRQSave<Result>(_ body: () -> Result) -> Result {
    lockIRQSave()
    defer { unlockIRQRestore() }
    return body()
  }

  // MARK: - Asking

  /// Whether anybody holds the lock (`spin_is_locked`).
  ///
  /// Nothing follows from it for the caller.
  public var isHeld: Bool {
    if let held = Conductor.performSummary(.isHeld(lock: address)) { return held != 0 }
    // relaxed: the answer may be stale at once, whatever the ordering.
    return word.load(.relaxed) != 0
  }

  /// Warns unless somebody holds the lock (`lockdep_assert_held`, as far as a lock can tell).
  public func assertHeld() {
    Kernel.warn(unless: isHeld, "the lock must be held here")
  }

  // MARK: - Private

  @usableFromInline @inline(never)
  func lockSlowly() {
    repeat {
      // relaxed: only a hint that trying again may work; the exchange below decides.
      Machine.spin(until: word.equals(0, .relaxed))
      // acquire[spinlock.handover] ← release in SpinLock.unlock(). As in lock(subclass:).
    } while word.exchange(1, .acquire, edge: "spinlock.handover") != 0
  }

  @usableFromInline
  func step(_ subclass: UInt8) -> LockStep {
    LockStep(lock: address, kind: .spinning, subclass: subclass)
  }
}
