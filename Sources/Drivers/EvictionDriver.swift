public import Fences
public import Kernel
import Machine

/// User queues that run without the kernel, and a fence that stops them: as in KFD.
///
/// What it shows: *asking* this fence to signal is what ends the work. No job will ever signal it;
/// `enableSignaling` has a worker stop the queues, and only then is the memory free to move. So
/// any waiter, also one that only wanted to look with a timeout of zero, evicts the process.
public struct EvictionDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Signals while the queues still run.
    case signalsFirst
  }

  struct State: ~Copyable {
    let queue = FenceQueue()
    let workers: WorkQueue
    let work: WorkItem
    let mistake: Mistake
    /// Whether user queues may touch the memory.
    let areQueuesRunning = Word<Bool>(true)
    // Owned by whoever restores the queues: the fence to signal, with a reference.
    let fence: Cell<Fence?> = Cell(nil)

    init(_ workers: WorkQueue, _ mistake: Mistake) {
      self.workers = workers
      self.mistake = mistake
      work = WorkItem { EvictionDriver.evict(State.workOffset.record(around: $0)) }
    }

    static let workOffset = FieldOffset<State, WorkItem> { $0.work.address }
  }

  private let state: Object<State>

  /// Starts the queues of a process.
  ///
  /// - Parameter workers: Where the eviction runs.
  public static func open(workers: WorkQueue) -> EvictionDriver { open(workers: workers, .none) }

  package static func open(workers: WorkQueue, _ mistake: Mistake) -> EvictionDriver {
    let state = Machine.allocate(alignment: 64, State(workers, mistake))
    state.record.queue.initialise(class: "eviction fence")
    let driver = EvictionDriver(state: state)
    driver.restore()
    return driver
  }

  /// The eviction fence, with a reference for the caller.
  ///
  /// - Precondition: Nobody restores the queues at the same time.
  public func fence() -> Fence {
    guard let fence = state.record.fence.value else {
      preconditionFailure("the queues of this process were not restored")
    }
    return fence.get()
  }

  /// Whether user queues may touch the memory.
  public var areQueuesRunning: Bool {
    // acquire[eviction.stop] ← release in EvictionDriver.evict(_:). What the queues did is visible.
    state.record.areQueuesRunning.load(.acquire, edge: "eviction.stop")
  }

  /// Lets the queues run again, with a new fence: the old one stays signaled for ever.
  ///
  /// - Precondition: The old fence is signaled and its worker is done.
  public func restore() {
    let fence = state.record.queue.lock.withLockIRQSave {
      state.record.queue.makeFence(owner: state, operations: Self.operations)
    }
    state.record.fence.value?.put()
    state.record.fence.value = fence
    // relaxed: whoever runs the queues was told by other means.
    state.record.areQueuesRunning.store(true, .relaxed)
  }

  /// Stops the queues for good, and ends the driver.
  ///
  /// - Precondition: The caller may sleep.
  public func close() {
    guard let fence = state.record.fence.value else { return }
    fence.wait()
    state.record.workers.flush(State.workOffset.field(of: state))
    state.record.fence.value = nil
    fence.put()
    Self.put(state)
  }

  private static func evict(_ state: Object<State>) {
    guard let fence = state.record.fence.value else { return }
    if state.record.mistake == .signalsFirst { fence.signal() }
    // release[eviction.stop] → acquire in EvictionDriver.areQueuesRunning. As said there.
    state.record.areQueuesRunning.store(false, .release, edge: "eviction.stop")
    if state.record.mistake != .signalsFirst { fence.signal() }
  }

  private static func put(_ state: Object<State>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "eviction" }, timelineName: { _ in "process" },
      enableSignaling: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        state.record.workers.schedule(State.workOffset.field(of: state))
        return true
      },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: State.self)
        fence.free()
        put(state)
      }))
}
