public import Machine

/// A sleeping lock that many of its class can be taken with in any order, because one of two
/// contexts that wait for each other gives way: the kernel's `struct ww_mutex`.
///
/// It lives in place, inside a record, and is initialised there. A context that is told
/// `deadlock` gives back *every* mutex it holds, takes the one it was refused with
/// ``lockSlowly(_:interruptible:)``, and goes on from there.
///
/// Ordering: whoever takes the mutex sees everything written before it was given back, through the
/// guard. Edge `spinlock.handover`.
@frozen public struct WoundWaitMutex: ~Copyable {
  let guardian: SpinLock
  // Guarded by guardian:
  let owner: Cell<KernelTask?>
  let holder: Cell<Object<AcquireContext>?>
  // Those with a context stand in the order of their stamps, the oldest first.
  let waiters: ListHead

  /// A mutex that must be initialised in place.
  public init() {
    guardian = SpinLock()
    owner = Cell(nil)
    holder = Cell(nil)
    waiters = ListHead()
  }

  /// Where the mutex lives.
  public var address: UInt { guardian.address }

  /// Makes the mutex free (`ww_mutex_init`).
  public func initialise(class name: StaticString = "wait/wound mutex") {
    guardian.initialise(class: "wait/wound guard")
    _ = Conductor.perform(.lockClass(LockClass(lock: owner.address, name: name)))
    owner.value = nil
    holder.value = nil
    waiters.initialise()
  }

  // MARK: - Taking and giving back

  /// Takes the mutex, sleeping while another task holds it (`ww_mutex_lock`,
  /// `ww_mutex_lock_interruptible`).
  ///
  /// - Parameter context: The attempt that this mutex is part of; nil for a mutex by itself, which
  ///   never gives way.
  /// - Throws: `already` where the context holds the mutex; `deadlock` where the context has to
  ///   give way; `interrupted` where a signal is pending and the mutex is not free.
  /// - Precondition: The task does not hold the mutex without a context.
  public func lock(
    _ context: Object<AcquireContext>? = nil, interruptible: Bool = false
  ) throws(Errno) {
    Kernel.mightSleep()
    if let context {
      Kernel.warn(unless: !context.record.isComplete.value, "a completed context takes a lock")
      context.record.beginRoundIfEmpty()
    }
    guardian.lock()
    let result = lockHoldingGuard(context, interruptible: interruptible)
    guardian.unlock()
    if case .success = result { noteTaken(context, tried: false) }
    try result.get()
  }

  /// Takes the mutex that a context had to give way for (`ww_mutex_lock_slow`).
  ///
  /// It cannot be told to give way again, because the context holds nothing else.
  public func lockSlowly(
    _ context: Object<AcquireContext>, interruptible: Bool = false
  ) throws(Errno) {
    Kernel.warn(
      unless: context.record.acquired.value == 0, "a context backed off but kept a lock")
    try lock(context, interruptible: interruptible)
  }

  /// Takes the mutex if it is free (`ww_mutex_trylock`).
  ///
  /// - Returns: Whether the caller holds it now; false also where its context held it before.
  public func tryLock(_ context: Object<AcquireContext>? = nil) -> Bool {
    context?.record.beginRoundIfEmpty()
    guardian.lock()
    let isFree = owner.value == nil
    if isFree { take(KernelTask.current, context) }
    guardian.unlock()
    if isFree { noteTaken(context, tried: true) }
    return isFree
  }

  /// Gives the mutex back (`ww_mutex_unlock`).
  public func unlock() {
    _ = Conductor.perform(.lockOrder(.givenBack(lock: owner.address)))
    guardian.lock()
    Kernel.warn(
      unless: owner.value == KernelTask.current, "a mutex was given back by who does not hold it")
    if let context = holder.value { context.record.acquired.value -= 1 }
    holder.value = nil
    owner.value = nil
    if let first = waiters.first { WoundWaiter.at(first).record.task.value?.wakeUp() }
    guardian.unlock()
  }

  /// Tells the order of locks; a context's second mutex may be taken in any order.
  private func noteTaken(_ context: Object<AcquireContext>?, tried: Bool) {
    guard Conductor.current != nil else { return }
    let step = LockStep(lock: owner.address, kind: .sleeping)
    let isFurther = context.map { $0.record.acquired.value > 1 } ?? false
    _ = Conductor.perform(
      .lockOrder(tried || isFurther ? .takenInAnyOrder(step) : .taken(step)))
  }

  // MARK: - Asking

  /// Whether anybody holds the mutex (`ww_mutex_is_locked`).
  public var isHeld: Bool {
    guardian.lock()
    defer { guardian.unlock() }
    return owner.value != nil
  }

  /// Warns unless the caller holds the mutex (`lockdep_assert_held`).
  ///
  /// It needs no guard: what it reads changes for nobody but the caller, if the caller is right.
  public func assertHeldByCaller() {
    Kernel.warn(unless: owner.value == KernelTask.current, "the mutex must be held here")
  }

  /// The context that holds the mutex, or nil.
  ///
  /// Only to be compared, unless it is the caller's own.
  public var holdingContext: Object<AcquireContext>? {
    guardian.lock()
    defer { guardian.unlock() }
    return holder.value
  }
}

// MARK: - With the guard held

extension WoundWaitMutex {
  private func lockHoldingGuard(
    _ context: Object<AcquireContext>?, interruptible: Bool
  ) -> Result<Void, Errno> {
    let task = KernelTask.current
    if let context, holder.value == context { return .failure(.already) }
    if owner.value == nil {
      take(task, context)
      return .success(())
    }
    let waiter = Machine.allocate(WoundWaiter(task: task, context: context))
    defer { Machine.free(waiter) }
    guard enqueue(waiter) else { return .failure(.deadlock) }
    let result = sleepUntilFree(waiter, task, interruptible: interruptible)
    waiter.record.node.remove()
    task.setStateUnordered(.running)
    if case .success = result { take(task, context) }
    return result
  }

  /// Sleeps with the guard given back, as often as it takes; returns with it held.
  private func sleepUntilFree(
    _ waiter: Object<WoundWaiter>, _ task: KernelTask, interruptible: Bool
  ) -> Result<Void, Errno> {
    while true {
      // The state before the wound, which is written under another mutex's guard.
      task.setState(interruptible ? .interruptible : .uninterruptible)
      // First, so that whoever leaves with an error leaves an owner behind, who will wake others.
      if owner.value == nil { return .success(()) }
      if interruptible && task.hasPendingSignal { return .failure(.interrupted) }
      if mustGiveWay(waiter) { return .failure(.deadlock) }
      guardian.unlock()
      KernelTask.schedule()
      guardian.lock()
    }
  }

  private func take(_ task: KernelTask, _ context: Object<AcquireContext>?) {
    owner.value = task
    guard let context else { return }
    holder.value = context
    context.record.acquired.value += 1
    tellWaiters(about: context)
  }

  /// Puts a waiter where its stamp belongs; false where it gives way at once.
  private func enqueue(_ waiter: Object<WoundWaiter>) -> Bool {
    var place = waiters.address
    if let context = waiter.record.context.value {
      var before = ListNode.at(place).record.previous.value
      while before != waiters.address {
        let other = WoundWaiter.at(ListNode.at(before))
        let node = before
        before = other.record.node.previous.value
        guard let rival = other.record.context.value else { continue }
        if context.record.isYounger(than: rival.record) {
          if context.record.isWaitDie.value && context.record.acquired.value > 0 { return false }
          break
        }
        place = node
        wakeIfItMustDie(other, for: context)
      }
    }
    let previous = ListNode.at(place).record.previous.value
    waiter.record.node.link(after: previous, before: place)
    if let context = waiter.record.context.value { woundHolder(for: context) }
    return true
  }

  /// Whether a queued waiter's context gives way to the holder or to a waiter before it.
  private func mustGiveWay(_ waiter: Object<WoundWaiter>) -> Bool {
    guard let context = waiter.record.context.value, context.record.acquired.value > 0 else {
      return false
    }
    guard context.record.isWaitDie.value else { return context.record.isWounded }
    if let rival = holder.value, context.record.isYounger(than: rival.record) { return true }
    var before = waiter.record.node.previous.value
    while before != waiters.address {
      let other = WoundWaiter.at(ListNode.at(before))
      if other.record.context.value != nil { return true }
      before = other.record.node.previous.value
    }
    return false
  }

  /// Lets every waiter judge again, now that somebody new holds the mutex.
  private func tellWaiters(about context: Object<AcquireContext>) {
    var next = waiters.first
    while let node = next {
      next = waiters.next(after: node)
      let waiter = WoundWaiter.at(node)
      guard let rival = waiter.record.context.value else { continue }
      wakeIfItMustDie(waiter, for: context)
      woundHolder(for: rival)
    }
  }

  /// Wait-die: wakes a younger waiter that holds locks, so that it gives way.
  private func wakeIfItMustDie(
    _ waiter: Object<WoundWaiter>, for context: Object<AcquireContext>
  ) {
    guard context.record.isWaitDie.value, let rival = waiter.record.context.value,
      rival.record.acquired.value > 0, rival.record.isYounger(than: context.record)
    else { return }
    waiter.record.task.value?.wakeUp()
  }

  /// Wound-wait: marks a younger holder, and wakes it, since it may sleep for another mutex.
  private func woundHolder(for context: Object<AcquireContext>) {
    guard !context.record.isWaitDie.value, context.record.acquired.value > 0,
      let younger = holder.value, younger.record.isYounger(than: context.record)
    else { return }
    // relaxed: KernelTask.wakeUp() is a full barrier behind it; see AcquireContext.isWounded.
    younger.record.wounded.store(1, .relaxed)
    owner.value?.wakeUp()
  }
}

/// A task's place in the queue of a mutex.
struct WoundWaiter: ~Copyable {
  // First, so that the node's address is the waiter's.
  let node = ListNode()
  let task: Cell<KernelTask?>
  let context: Cell<Object<AcquireContext>?>

  init(task: KernelTask, context: Object<AcquireContext>?) {
    self.task = Cell(task)
    self.context = Cell(context)
  }

  static func at(_ node: Object<ListNode>) -> Object<WoundWaiter> {
    Object(machineAddress: node.machineAddress)
  }
}
