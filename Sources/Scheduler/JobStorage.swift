internal import Fences
internal import Kernel
internal import Machine

/// A job's memory, to embed in a driver's own record (`struct drm_sched_job`).
///
/// What is done with it is done through the handle, ``Job``.
public struct JobStorage: ~Copyable {
  // First, so that its address is the record's. Written by `initialise`, with a reference:
  let entity = Cell<Entity?>(nil)
  let fences = Cell<SchedulerFence?>(nil)
  let credits = Cell<UInt32>(0)
  // Written by `arm`:
  let scheduler = Cell<JobScheduler?>(nil)
  let priority = Cell<Priority>(.normal)
  // Owned by the submitter until the job is pushed, then by whoever resolves the dependencies:
  let firstDependency = Cell<Object<JobDependency>?>(nil)
  /// The first dependency that nobody has asked for yet.
  let nextDependency = Cell<Object<JobDependency>?>(nil)
  /// What the job's killer waits for before the job's own dependencies, with a reference.
  let predecessor = Cell<Fence?>(nil)
  /// The fence that the callback of a killed job is on, with a reference.
  let awaited = Cell<Fence?>(nil)
  // Guarded by the scheduler's lock:
  let nextInEntity = Cell<Job?>(nil)
  let submitted = Cell<UInt64>(0)
  let place = ListNode()
  let started = Cell<UInt64>(0)
  let number = Cell<UInt64>(0)
  let isDone = Cell<Bool>(false)
  // Owned by whoever recovers the device:
  let isDetached = Cell<Bool>(false)
  let karma = Cell<UInt32>(0)
  /// On the hardware fence, or on what a killed job waits for.
  let callback = FenceCallback()

  /// Zeroed memory.
  public init() {}

  /// Where the job lives.
  public var address: UInt { entity.address }

  static let callback = FieldOffset<JobStorage, FenceCallback> { $0.callback.address }
  static let place = FieldOffset<JobStorage, ListNode> { $0.place.address }
}

/// A fence that a job waits for, with a reference.
struct JobDependency: ~Copyable {
  let fence: Cell<Fence?>
  let next: Cell<Object<JobDependency>?>

  init(_ fence: Fence, next: Object<JobDependency>?) {
    self.fence = Cell(fence)
    self.next = Cell(next)
  }
}
