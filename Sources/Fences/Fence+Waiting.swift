public import Kernel
internal import Machine

extension Fence {
  /// Sleeps until the fence is signaled (`dma_fence_wait`, uninterruptible, without end).
  ///
  /// - Ordering: Sees everything that was written before signaling.
  /// - Precondition: The caller may sleep and has a reference.
  public func wait() {
    // Only a driver's own wait can fail here; "hardware trouble" counts as over.
    _ = waitOrFail(interruptible: false, timeout: .max)
  }

  /// Sleeps until the fence is signaled or a signal arrives (`dma_fence_wait`).
  ///
  /// - Throws: `restartSystemCall` if a signal is pending, or what a driver's own wait returns.
  public func wait(interruptible: Bool) throws(Errno) {
    _ = try waitOrFail(interruptible: interruptible, timeout: .max).get()
  }

  /// Sleeps until the fence is signaled, at most `timeout` (`dma_fence_wait_timeout`).
  ///
  /// It enables signaling even with timeout zero, and so can signal the fence; it never asks the
  /// driver whether the work is over. If the time runs out as the fence is signaled, the result is
  /// zero: test again.
  ///
  /// | at entry, under the lock | timeout 0 | timeout > 0 |
  /// |---|---|---|
  /// | signaled | 1 | `timeout` |
  /// | unsignaled, interruptible, signal pending | `restartSystemCall` | `restartSystemCall` |
  /// | unsignaled otherwise | 0 | sleeps |
  ///
  /// - Returns: The time that is left, more than zero; zero if it ran out.
  /// - Throws: `restartSystemCall` if a signal is pending when the wait ends, even if the fence is
  ///   signaled by then; `invalidArgument` for a negative timeout.
  /// - Ordering: With a result above zero, sees everything that was written before signaling.
  public func wait(interruptible: Bool, timeout: Jiffies) throws(Errno) -> Jiffies {
    try waitOrFail(interruptible: interruptible, timeout: timeout).get()
  }

  private func waitOrFail(interruptible: Bool, timeout: Jiffies) -> Result<Jiffies, Errno> {
    guard timeout >= .zero else {
      Kernel.warn("a wait was given the negative timeout \(timeout.count)")
      return .failure(.invalidArgument)
    }
    Kernel.mightSleep()
    Kernel.mayWaitForFence()
    enableSignaling()
    if let wait = driverWait() { return wait(self, interruptible, timeout) }
    return defaultWait(interruptible: interruptible, timeout: timeout)
  }

  /// The driver's own wait, which keeps the table attached, so it may be called outside.
  private func driverWait() -> FenceOperations.Wait? {
    RCU.withReadLock {
      guard let table = RCU.dereference(storage.record.operations), table.record.has(.ownWait)
      else { return nil }
      return table.record.wait
    }
  }
}

// MARK: - The default wait

/// What a sleeping waiter puts on the fence's list.
private struct DefaultWait: ~Copyable {
  let callback = FenceCallback()
  let task: Cell<KernelTask?>

  init(task: KernelTask) { self.task = Cell(task) }

  static let callback = FieldOffset<DefaultWait, FenceCallback> { $0.callback.address }

  /// Wakes the waiter, which finds the bit set under the lock.
  static let wake = FenceCallback.Function { _, callback in
    DefaultWait.callback.record(around: callback).record.task.value?.wakeUp()
  }
}

extension Fence {
  private func defaultWait(interruptible: Bool, timeout: Jiffies) -> Result<Jiffies, Errno> {
    let task = KernelTask.current
    lockIRQSave()
    if let known = resultWithoutSleeping(task, interruptible: interruptible, timeout: timeout) {
      unlockIRQRestore()
      return known
    }
    let waiter = Machine.allocate(DefaultWait(task: task))
    let callback = DefaultWait.callback.field(of: waiter)
    callback.record.function.value = DefaultWait.wake.word
    Machine.note(.opened, .callback, key: callback.machineAddress)
    // First on the list: sleepers are woken before the other callbacks run.
    storage.record.callbacks.prepend(callback.record.node)
    let result = sleepUntilSignaled(task, interruptible: interruptible, timeout: timeout)
    if !callback.record.node.isAlone { unlink(callback) }
    task.setStateUnordered(.running)
    unlockIRQRestore()
    Machine.free(waiter)
    return result
  }

  /// What the table in `wait(interruptible:timeout:)` says, or nil where the waiter must sleep.
  private func resultWithoutSleeping(
    _ task: KernelTask, interruptible: Bool, timeout: Jiffies
  ) -> Result<Jiffies, Errno>? {
    // relaxed: the lock orders.
    if storage.record.flags.test(.signaled, .relaxed) {
      return .success(timeout == .zero ? Jiffies(1) : timeout)
    }
    if interruptible && task.hasPendingSignal { return .failure(.restartSystemCall) }
    return timeout == .zero ? .success(.zero) : nil
  }

  /// Sleeps with the lock given back, as often as it takes; returns with the lock held.
  private func sleepUntilSignaled(
    _ task: KernelTask, interruptible: Bool, timeout: Jiffies
  ) -> Result<Jiffies, Errno> {
    var left = timeout
    // relaxed: the lock orders.
    while !storage.record.flags.test(.signaled, .relaxed) && left > .zero {
      // The lock orders state and bit: the signaler needs it before it can wake anybody.
      task.setStateUnordered(interruptible ? .interruptible : .uninterruptible)
      unlockIRQRestore()
      left = KernelTask.schedule(timeout: left)
      lockIRQSave()
      if left > .zero && interruptible && task.hasPendingSignal {
        return .failure(.restartSystemCall)
      }
    }
    return .success(left)
  }
}
