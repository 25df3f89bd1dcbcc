internal import Fences
internal import Kernel
internal import Machine

/// The two public fences of a job in one record (`struct drm_sched_fence`).
///
/// *Scheduled* is signaled when the job was handed to the device, *finished* when the device is
/// done. Both have one lock, and they outlive the job: whoever waits holds a reference to one of
/// them. The finished fence owns a reference to the scheduled one, and that one the record.
struct SchedulerFenceStorage: ~Copyable {
  // First, so that its address is the record's.
  let scheduled = FenceStorage()
  let finished = FenceStorage()
  let lock = SpinLock()
  // Guarded by lock:
  /// The hardware fence, with a reference.
  let parent = Cell<Fence?>(nil)
  /// By when somebody would like the job to be over; `max` where nobody has said.
  let deadline = Cell<UInt64>(.max)
  // Written before publication:
  let scheduler = Cell<JobScheduler?>(nil)
  let maySkipAhead = Cell<Bool>(true)

  static let finished = FieldOffset<SchedulerFenceStorage, FenceStorage> { $0.finished.address }
  static let lock = FieldOffset<SchedulerFenceStorage, SpinLock> { $0.lock.address }
}

/// The handle of a ``SchedulerFenceStorage``.
struct SchedulerFence: MachineReference, Equatable {
  let storage: Object<SchedulerFenceStorage>

  init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Memory for a job's fences, while failing is still possible.
  static func make() -> SchedulerFence? {
    Machine.tryAllocate(alignment: 64, SchedulerFenceStorage()).map {
      SchedulerFence(machineAddress: $0.machineAddress)
    }
  }

  /// The record around a finished fence; nil for any other fence (`to_drm_sched_fence`).
  init?(finished fence: Fence) {
    guard fence.usesOperations(Self.finishedOperations) else { return nil }
    storage = SchedulerFenceStorage.finished.record(
      around: Object(machineAddress: fence.machineAddress))
  }

  /// The record around a scheduled fence; nil for any other fence.
  init?(scheduled fence: Fence) {
    guard fence.usesOperations(Self.scheduledOperations) else { return nil }
    storage = Object(machineAddress: fence.machineAddress)
  }

  var machineAddress: UInt { storage.machineAddress }
  var scheduled: Fence { Fence(machineAddress: machineAddress) }
  var finished: Fence { Fence(SchedulerFenceStorage.finished.field(of: storage)) }

  /// Makes both fences; each with one reference (`drm_sched_fence_init`).
  func initialise(scheduler: JobScheduler, context: UInt64, seqno: UInt64) {
    let lock = SchedulerFenceStorage.lock.field(of: storage)
    lock.record.initialise(class: "scheduler fence")
    storage.record.scheduler.value = scheduler
    scheduled.initialise(
      operations: Self.scheduledOperations, lock: lock, context: context, seqno: seqno)
    finished.initialise(
      operations: Self.finishedOperations, lock: lock, context: context + 1, seqno: seqno)
  }

  /// Frees a record whose fences were never made.
  func discard() { Machine.free(storage) }

  // MARK: - The hardware fence

  var parent: Fence? { storage.record.parent.value }

  /// Keeps the hardware fence, with the caller's reference, and tells it the deadline.
  ///
  /// Everybody can see it once the scheduled fence is signaled (`drm_sched_fence_set_parent`).
  func setParent(_ fence: Fence?) {
    let deadline = finished.withLock {
      storage.record.parent.value = fence
      return storage.record.deadline.value
    }
    if let fence, deadline != .max { fence.setDeadline(deadline) }
  }

  /// Signals the finished fence (`drm_sched_fence_finished`), with an error if there is one.
  func finish(_ error: Errno?) {
    finished.withLock {
      if let error { finished.setError(error) }
      finished.signalLocked()
    }
  }

  /// Whether somebody who depends on the finished fence may go on when the job was scheduled, in
  /// this scheduler, because the device keeps the order.
  func isPipelined(in other: JobScheduler) -> Bool {
    guard storage.record.scheduler.value == other, storage.record.maySkipAhead.value else {
      return false
    }
    return finished.withLock { finished.error == nil }
  }

  /// Forwards a deadline, unless an earlier one is known (`drm_sched_fence_set_deadline_finished`).
  private func noteDeadline(_ deadline: UInt64) {
    var parent: Fence?
    finished.withLock {
      guard deadline < storage.record.deadline.value else { return }
      storage.record.deadline.value = deadline
      parent = storage.record.parent.value?.get()
    }
    parent?.setDeadline(deadline)
    parent?.put()
  }

  // MARK: - Operations

  private static let scheduledOperations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "drm_sched" },
      timelineName: { SchedulerFence(machineAddress: $0.machineAddress).name },
      release: { fence in
        let record = SchedulerFence(machineAddress: fence.machineAddress)
        record.parent?.put()
        RCU.free(record.storage)
      }))

  private static let finishedOperations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "drm_sched" },
      timelineName: { SchedulerFence(finished: $0)?.name ?? "" },
      release: { SchedulerFence(finished: $0)?.scheduled.put() },
      setDeadline: { SchedulerFence(finished: $0)?.noteDeadline($1) }))

  /// The scheduler's name: these tables are never detached, so the scheduler is asked even after
  /// the signal, and must live.
  private var name: String { storage.record.scheduler.value?.name ?? "" }
}
