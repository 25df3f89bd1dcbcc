public import Machine

/// What a thread of control is to the scheduler: something that sleeps, is woken, and may have a
/// signal waiting.
///
/// The kernel's `task_struct`, as far as fences need it.
///
/// A handle is trivial and stays valid for ever: records are reused by later threads, and a wake-up
/// that comes too late is one without cause, which every sleeper must tolerate anyway.
@frozen public struct KernelTask: MachineReference, Equatable {
  @usableFromInline let storage: Object<KernelTaskStorage>

  @inlinable init(storage: Object<KernelTaskStorage>) { self.storage = storage }

  /// The task whose record lives here.
  @inlinable public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the record lives.
  @inlinable public var machineAddress: UInt { storage.machineAddress }

  /// What a task wants from the scheduler.
  @frozen public enum State: UInt32, Sendable {
    /// To run (`TASK_RUNNING`).
    case running = 0
    /// To sleep until it is woken or a signal arrives (`TASK_INTERRUPTIBLE`).
    case interruptible = 1
    /// To sleep until it is woken (`TASK_UNINTERRUPTIBLE`).
    case uninterruptible = 2
  }

  /// The task that runs here (`current`).
  @inlinable public static var current: KernelTask {
    if let conductor = Conductor.current { return virtual(conductor) }
    if !Machine.hasNativeTask { return adopted() }
    return KernelTask(storage: Machine.nativeTask(as: KernelTaskStorage.self))
  }

  @usableFromInline @inline(never)
  static func virtual(_ conductor: Conductor) -> KernelTask {
    KernelTaskPool.virtual[conductor.currentThread]
  }

  /// Gives the native thread a record.
  @usableFromInline @inline(never)
  static func adopted() -> KernelTask {
    let task = KernelTaskPool.adopt()
    Machine.setNativeTask(task.storage)
    NativeRCU.enlist(task.storage)
    return task
  }

  /// Whether the task, which is the running one, has a read section open; native sections only.
  var isInReadSection: Bool {
    // relaxed: only this task writes it.
    storage.record.readActivity.load(.relaxed) & NativeRCU.depthMask != 0
  }
}

/// The record behind a ``KernelTask``.
@usableFromInline
struct KernelTaskStorage: ~Copyable {
  /// How deep the task is in read sections, and the phase in which the outermost began; see
  /// `NativeRCU`.
  ///
  /// First, because the record for nobody has this word and no other.
  @usableFromInline let readActivity = Word<UInt32>(0)
  /// A `State`; the task sleeps on this word, and a wake-up makes it `running`.
  let state = Word<UInt32>(0)
  /// 1 while a signal waits to be taken.
  let pendingSignal = Word<UInt32>(0)
  // Owned by the task itself:
  let isEnlisted = Cell<Bool>(false)
  /// The task that became a reader before this one, as an address.
  let nextReader = Word<UInt>(0)

  init() {}
}

// MARK: - Sleeping and waking

extension KernelTask {
  /// What the task wanted last, for tests and reports.
  public var state: State {
    // relaxed: stale at once, whatever the ordering.
    State(rawValue: storage.record.state.load(.relaxed)) ?? .running
  }

  /// Says what the running task wants next (`set_current_state`).
  ///
  /// - Ordering: Full. What the task checks afterwards, it checks after everybody can see that it
  ///   is about to sleep. Edge `task.sleep`.
  public func setState(_ state: State) {
    // full[task.sleep] ↔ full in KernelTask.wakeUp(). State before condition; forbids that the
    // sleeper misses the condition while the waker misses the sleeper.
    _ = storage.record.state.exchange(state.rawValue, .full, edge: "task.sleep")
  }

  /// Like ``setState(_:)`` where a lock orders the condition (`__set_current_state`).
  public func setStateUnordered(_ state: State) {
    // relaxed: the caller's lock, or nothing, orders the condition.
    storage.record.state.store(state.rawValue, .relaxed)
  }

  /// Gives the CPU away until the task is woken or the time is over (`schedule_timeout`).
  ///
  /// Returns at once if the task was woken since ``setState(_:)``, or wants to run.
  ///
  /// - Precondition: This is the running task, and it may sleep.
  /// - Returns: The time that is left, never more than was given; zero if it ran out;
  ///   ``Jiffies/max`` for ``Jiffies/max``.
  @discardableResult public static func schedule(timeout: Jiffies = .max) -> Jiffies {
    current.sleep(timeout: timeout)
  }

  /// Makes the task run if it sleeps or is about to (`wake_up_process`).
  ///
  /// - Returns: Whether it was asleep or about to sleep.
  /// - Ordering: Full. What the waker wrote before, the sleeper sees. Edge `task.sleep`.
  /// - Progress: Never blocks; may be called with interrupts off.
  @discardableResult public func wakeUp() -> Bool {
    // full[task.sleep] ↔ full in KernelTask.setState(_:). Condition before state.
    let state = storage.record.state.exchange(State.running.rawValue, .full, edge: "task.sleep")
    guard state != State.running.rawValue else { return false }
    Machine.wake(storage.record.state)
    return true
  }

  private func sleep(timeout: Jiffies) -> Jiffies {
    let record = storage
    // full[task.signal] ↔ full in KernelTask.sendSignal(). The state before the pending signal.
    Machine.barrier(.full, edge: "task.signal")
    // acquire[task.sleep] ← full in KernelTask.wakeUp(). Who was woken on the way here sees what
    // the waker wrote, as who is woken later does.
    let wanted = record.record.state.load(.acquire, edge: "task.sleep")
    defer { setStateUnordered(.running) }
    if wanted == State.running.rawValue { return timeout }
    if wanted == State.interruptible.rawValue && hasPendingSignal { return timeout }
    let deadline = timeout == .max ? nil : timeout.deadline(after: Machine.clock())
    // acquire[task.sleep] ← full in KernelTask.wakeUp(). What the waker wrote is visible.
    while record.record.state.load(.acquire, edge: "task.sleep") == wanted {
      if !Machine.park(on: record.record.state, while: wanted, deadline: deadline) { break }
    }
    // Without end, or too long for the clock to reach the end of it.
    guard let deadline else { return timeout }
    return .remaining(until: deadline, now: Machine.clock())
  }
}

// MARK: - Signals

extension KernelTask {
  /// Whether a signal waits to be taken (`signal_pending`).
  public var hasPendingSignal: Bool {
    // relaxed: whoever is about to sleep checks again behind a full barrier.
    storage.record.pendingSignal.load(.relaxed) != 0
  }

  /// Leaves a signal for the task and ends an interruptible sleep (`send_sig`).
  public func sendSignal() {
    // full[task.signal] ↔ full in KernelTask.sleep(timeout:). The signal before the state;
    // forbids that the task sleeps on a signal that this caller thinks it will see.
    _ = storage.record.pendingSignal.exchange(1, .full, edge: "task.signal")
    // full[task.sleep] ↔ full in KernelTask.setState(_:). As in wakeUp().
    let state = storage.record.state.compareExchange(
      State.interruptible.rawValue, with: State.running.rawValue, .full, edge: "task.sleep")
    if state == State.interruptible.rawValue { Machine.wake(storage.record.state) }
  }

  /// Takes the pending signal, as returning to user space would.
  public func clearSignal() {
    // relaxed: the task's own business.
    storage.record.pendingSignal.store(0, .relaxed)
  }
}
