internal import Machine

/// Tasks that wait for something to become true: the kernel's wait queue head.
///
/// It lives in place, inside a record, and is initialised there.
@frozen public struct WaitQueue: ~Copyable {
  @usableFromInline let lock: SpinLock
  // Guarded by lock:
  @usableFromInline let waiters: ListHead

  /// A queue that must be initialised in place.
  @inlinable public init() {
    lock = SpinLock()
    waiters = ListHead()
  }

  /// Makes the queue empty (`init_waitqueue_head`).
  public func initialise(class name: StaticString = "wait queue") {
    lock.initialise(class: name)
    waiters.initialise()
  }

  /// Sleeps until the claim is true (`wait_event_timeout`, `wait_event_interruptible_timeout`).
  ///
  /// - Parameter isTrue: Asked again after every ``wakeAll()``; may run many times.
  /// - Returns: The time that is left, at least 1 where the claim is true; zero where the time ran
  ///   out and it is false.
  /// - Throws: `restartSystemCall` where a signal is pending and the claim is false.
  /// - Ordering: Whoever makes the claim true before it wakes the queue is seen. Edge `task.sleep`.
  @discardableResult public func wait(
    interruptible: Bool = false, timeout: Jiffies = .max, until isTrue: () -> Bool
  ) throws(Errno) -> Jiffies {
    if isTrue() { return Swift.max(timeout, Jiffies(1)) }
    let task = KernelTask.current
    let waiter = Machine.allocate(Waiter(task: task))
    waiter.record.node.initialise()
    defer { finish(waiter, task) }
    var left = timeout
    while true {
      prepare(waiter, task, interruptible ? .interruptible : .uninterruptible)
      if isTrue() { return Swift.max(left, Jiffies(1)) }
      if interruptible && task.hasPendingSignal { throw .restartSystemCall }
      if left == .zero { return .zero }
      left = KernelTask.schedule(timeout: left)
    }
  }

  /// Wakes every task that waits (`wake_up_all`, and `wake_up`: no wait here is exclusive).
  ///
  /// - Progress: Never sleeps; may be called with interrupts off.
  public func wakeAll() {
    lock.lockIRQSave()
    var next = waiters.first
    while let node = next {
      next = waiters.next(after: node)
      Waiter.wake(node)
    }
    lock.unlockIRQRestore()
  }

  private func prepare(
    _ waiter: Object<Waiter>, _ task: KernelTask, _ state: KernelTask.State
  ) {
    lock.lockIRQSave()
    if waiter.record.node.isAlone { waiters.append(waiter.record.node) }
    task.setState(state)
    lock.unlockIRQRestore()
  }

  private func finish(_ waiter: Object<Waiter>, _ task: KernelTask) {
    task.setStateUnordered(.running)
    lock.lockIRQSave()
    if !waiter.record.node.isAlone { waiter.record.node.remove() }
    lock.unlockIRQRestore()
    Machine.free(waiter)
  }
}

/// A task's place on a queue.
struct Waiter: ~Copyable {
  let node = ListNode()
  let task: Cell<KernelTask?>

  init(task: KernelTask) { self.task = Cell(task) }

  private static let node = FieldOffset<Waiter, ListNode> { $0.node.address }

  /// Takes the task off its queue and lets it run, with the queue's lock held.
  static func wake(_ node: Object<ListNode>) {
    let waiter = Self.node.record(around: node)
    node.record.remove()
    waiter.record.task.value?.wakeUp()
  }
}
