public import Kernel
internal import Machine

extension Fence {
  /// Sleeps until any of the fences is signaled, at most `timeout` (`dma_fence_wait_any_timeout`).
  ///
  /// With timeout zero it asks each driver whether the work is over; otherwise it enables
  /// signaling on each, in order, and asks no driver.
  ///
  /// - Returns: The time that is left, more than zero, and the lowest number of a signaled fence;
  ///   zero and nil where the time ran out. A fence that was signaled when its turn came leaves
  ///   the whole time.
  /// - Throws: `restartSystemCall` if a signal is pending when a sleep ends; `invalidArgument` for
  ///   no fences or a negative timeout; `noMemory`.
  /// - Ordering: With a result above zero, sees everything that was written before signaling.
  public static func waitAny(
    _ fences: [Fence], interruptible: Bool, timeout: Jiffies
  ) throws(Errno) -> (left: Jiffies, index: Int?) {
    guard !fences.isEmpty, timeout >= .zero else {
      Kernel.warn("a wait for any fence was given \(fences.count) fences, \(timeout.count) ticks")
      throw .invalidArgument
    }
    if timeout == .zero {
      let index = fences.firstIndex { $0.isSignaled() }
      return (Jiffies(index == nil ? 0 : 1), index)
    }
    Kernel.mightSleep()
    return try WaitForAny(fences, task: .current, interruptible: interruptible)
      .run(timeout: timeout).get()
  }
}

/// One task that sleeps on several fences.
private struct WaitForAny {
  /// What the task puts on each fence's list.
  struct Waiter: ~Copyable {
    let callback = FenceCallback()
    let task: Cell<KernelTask?>

    init(task: KernelTask) { self.task = Cell(task) }

    static let callback = FieldOffset<Waiter, FenceCallback> { $0.callback.address }

    /// Wakes the task, which looks at every fence's bit.
    static let wake = FenceCallback.Function { _, callback in
      Waiter.callback.record(around: callback).record.task.value?.wakeUp()
    }
  }

  typealias Outcome = Result<(left: Jiffies, index: Int?), Errno>

  let fences: [Fence]
  let task: KernelTask
  let interruptible: Bool

  init(_ fences: [Fence], task: KernelTask, interruptible: Bool) {
    self.fences = fences
    self.task = task
    self.interruptible = interruptible
  }

  func run(timeout: Jiffies) -> Outcome {
    var waiters: [Object<Waiter>] = []
    defer { for waiter in waiters { Machine.free(waiter) } }
    for _ in fences {
      guard let waiter = Machine.tryAllocate(Waiter(task: task)) else { return .failure(.noMemory) }
      waiters.append(waiter)
    }
    var added = 0
    defer {
      for (fence, waiter) in zip(fences, waiters).prefix(added) {
        fence.removeCallback(Waiter.callback.field(of: waiter))
      }
    }
    for (fence, waiter) in zip(fences, waiters) {
      do throws(Errno) {
        try fence.addCallback(Waiter.callback.field(of: waiter), Waiter.wake)
      } catch {
        // Its lock, taken once, orders what was written before it was signaled.
        fence.withLock {}
        return .success((timeout, added))
      }
      added += 1
    }
    return sleep(timeout: timeout)
  }

  /// Sleeps until a bit is set; the callbacks are on every list.
  private func sleep(timeout: Jiffies) -> Outcome {
    defer { task.setStateUnordered(.running) }
    var left = timeout
    while left > .zero {
      task.setState(interruptible ? .interruptible : .uninterruptible)
      if let index = fences.firstIndex(where: { $0.testSignaledFlag() }) {
        return .success((left, index))
      }
      left = KernelTask.schedule(timeout: left)
      if left > .zero && interruptible && task.hasPendingSignal {
        return .failure(.restartSystemCall)
      }
    }
    return .success((.zero, nil))
  }
}
