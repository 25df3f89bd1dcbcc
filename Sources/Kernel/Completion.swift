public import Machine

/// Something that happens once, or a counted number of times, and that others wait for: the
/// kernel's `struct completion`.
///
/// It lives in place, inside a record, and is initialised there. Unlike a fence it belongs to one
/// driver, and nobody else relies on its end.
@frozen public struct Completion: ~Copyable {
  @usableFromInline let lock: SpinLock
  // Guarded by lock: how often it happened and nobody has waited yet; `max`: for good.
  @usableFromInline let done: Cell<UInt32>
  @usableFromInline let waiters: ListHead

  /// A completion that must be initialised in place.
  @inlinable public init() {
    lock = SpinLock()
    done = Cell(0)
    waiters = ListHead()
  }

  /// Says that nothing has happened yet (`init_completion`).
  public func initialise(class name: StaticString = "completion") {
    lock.initialise(class: name)
    done.value = 0
    waiters.initialise()
  }

  /// Says that it happened, and wakes one task (`complete`).
  ///
  /// - Progress: Never sleeps; may be called with interrupts off.
  public func complete() {
    lock.lockIRQSave()
    if done.value != .max { done.value += 1 }
    if let node = waiters.first { Waiter.wake(node) }
    lock.unlockIRQRestore()
  }

  /// Says that it happened for good, and wakes every task (`complete_all`).
  public func completeAll() {
    lock.lockIRQSave()
    done.value = .max
    while let node = waiters.first { Waiter.wake(node) }
    lock.unlockIRQRestore()
  }

  /// Whether it happened and nobody has waited for it yet (`completion_done`).
  public var isDone: Bool {
    lock.lockIRQSave()
    defer { lock.unlockIRQRestore() }
    return done.value > 0
  }

  /// Sleeps until it happens, and takes it (`wait_for_completion`).
  public func wait() {
    _ = waitOrFail(interruptible: false, timeout: .max)
  }

  /// Sleeps until it happens, and takes it (`wait_for_completion_interruptible_timeout`).
  ///
  /// - Returns: The time that is left, at least 1; zero where it ran out first.
  /// - Throws: `restartSystemCall` where a signal is pending and it has not happened.
  /// - Ordering: Sees everything that was written before it was completed.
  public func wait(interruptible: Bool, timeout: Jiffies) throws(Errno) -> Jiffies {
    try waitOrFail(interruptible: interruptible, timeout: timeout).get()
  }

  private func waitOrFail(interruptible: Bool, timeout: Jiffies) -> Result<Jiffies, Errno> {
    Kernel.mightSleep()
    lock.lockIRQSave()
    defer { lock.unlockIRQRestore() }
    var left = timeout
    if done.value == 0 {
      switch sleepUntilDone(interruptible: interruptible, timeout: timeout) {
      case .success(let rest): left = rest
      case .failure(let error): return .failure(error)
      }
      if done.value == 0 { return .success(.zero) }
    }
    if done.value != .max { done.value -= 1 }
    return .success(Swift.max(left, Jiffies(1)))
  }

  /// Called and left with the lock held, which it gives back while it sleeps.
  private func sleepUntilDone(interruptible: Bool, timeout: Jiffies) -> Result<Jiffies, Errno> {
    let task = KernelTask.current
    let waiter = Machine.allocate(Waiter(task: task))
    waiter.record.node.initialise()
    var result = Result<Jiffies, Errno>.success(timeout)
    while done.value == 0, case .success(let left) = result, left > .zero {
      if interruptible && task.hasPendingSignal {
        result = .failure(.restartSystemCall)
        break
      }
      if waiter.record.node.isAlone { waiters.append(waiter.record.node) }
      // The lock orders state and count: whoever completes needs it.
      task.setStateUnordered(interruptible ? .interruptible : .uninterruptible)
      lock.unlockIRQRestore()
      result = .success(KernelTask.schedule(timeout: left))
      lock.lockIRQSave()
    }
    if !waiter.record.node.isAlone { waiter.record.node.remove() }
    task.setStateUnordered(.running)
    Machine.free(waiter)
    return result
  }
}
