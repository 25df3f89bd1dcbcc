public import Fences
public import Kernel
internal import Machine

/// How somebody waits for sync objects, or looks for their fences.
@frozen public struct SyncObjectWaitFlags: OptionSet, Hashable, Sendable {
  /// The kernel's number.
  public let rawValue: UInt32

  /// Makes a set of its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// For all of them, not for any (`DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL`).
  public static let all = SyncObjectWaitFlags(rawValue: 1)
  /// Also for a fence that is not there yet (`DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT`).
  public static let forSubmit = SyncObjectWaitFlags(rawValue: 2)
  /// Only until the fence is there, signaled or not (`DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE`).
  public static let available = SyncObjectWaitFlags(rawValue: 4)
  /// The fences' drivers are told a deadline first (`DRM_SYNCOBJ_WAIT_FLAGS_WAIT_DEADLINE`).
  public static let deadline = SyncObjectWaitFlags(rawValue: 8)
}

extension SyncObject {
  /// The fence at a point, with a reference (`drm_syncobj_find_fence`).
  ///
  /// With ``SyncObjectWaitFlags/forSubmit`` it sleeps until the fence is there, at most
  /// ``Limits/submitWaitMilliseconds``. Then the caller may hold no lock at all: what it waits for
  /// is a process, which may wait for anything.
  ///
  /// - Parameter point: 0 for the object's fence as it is.
  /// - Returns: A stub where the point is signaled and forgotten.
  /// - Throws: `invalidArgument` where there is no such fence, or for any other flag;
  ///   `timeExpired` and `restartSystemCall` from the wait.
  public func findFence(
    at point: UInt64 = 0, _ flags: SyncObjectWaitFlags = []
  ) throws(Errno) -> Fence {
    guard flags.isSubset(of: .forSubmit) else { throw .invalidArgument }
    if flags.contains(.forSubmit) { Kernel.mightSleep() }
    if let fence = Self.find(point, from: fence()) { return fence }
    guard flags.contains(.forSubmit) else { throw .invalidArgument }
    let waiter = SyncObjectWaiter.make(.current, point: point)
    defer { Machine.free(waiter) }
    let failure = sleep(until: waiter)
    removeWaiter(waiter)
    guard let fence = waiter.record.foundFence else { throw failure ?? .timeExpired }
    guard let failure else { return fence }
    fence.put()
    throw failure
  }

  private func sleep(until waiter: Object<SyncObjectWaiter>) -> Errno? {
    let task = KernelTask.current
    defer { task.setStateUnordered(.running) }
    var left = Jiffies(Limits.submitWaitMilliseconds)
    addWaiter(waiter)
    while true {
      task.setState(.interruptible)
      if waiter.record.foundFence != nil { return nil }
      if left == .zero { return .timeExpired }
      if task.hasPendingSignal { return .restartSystemCall }
      left = KernelTask.schedule(timeout: left)
    }
  }
}

/// Somebody who waits for a fence, perhaps for one that is not there yet (`struct
/// syncobj_wait_entry`).
struct SyncObjectWaiter: ~Copyable {
  // Guarded by the object's lock.
  fileprivate let place = ListNode()
  let callback = FenceCallback()
  // With a reference. Written by the waiter, or with the object's lock held; once.
  private let fence = Word<Fence?>(nil)
  let point: UInt64
  private let task: KernelTask

  static func make(_ task: KernelTask, point: UInt64) -> Object<SyncObjectWaiter> {
    let waiter = Machine.allocate(SyncObjectWaiter(task: task, point: point))
    waiter.record.place.initialise()
    return waiter
  }

  private init(task: KernelTask, point: UInt64) {
    self.task = task
    self.point = point
  }

  static let node = FieldOffset<SyncObjectWaiter, ListNode> { $0.place.address }
  static let callback = FieldOffset<SyncObjectWaiter, FenceCallback> { $0.callback.address }

  /// Wakes the waiter, which finds the fence signaled.
  static let wake = FenceCallback.Function { _, callback in
    SyncObjectWaiter.callback.record(around: callback).record.task.wakeUp()
  }

  /// The fence, once there is one.
  var foundFence: Fence? {
    // acquire[syncobject.appear] ← release in SyncObjectWaiter.found(_:). The fence is complete.
    fence.load(.acquire, edge: "syncobject.appear")
  }

  /// Takes a reference over.
  func found(_ found: Fence) {
    // release[syncobject.appear] → acquire in SyncObjectWaiter.foundFence. Hands the fence over.
    fence.store(found, .release, edge: "syncobject.appear")
  }

  fileprivate func wakeUp() { task.wakeUp() }
}

extension SyncObject {
  /// Puts a waiter without a fence on the list, unless the fence has come meanwhile
  /// (`drm_syncobj_fence_add_wait`).
  func addWaiter(_ waiter: Object<SyncObjectWaiter>) {
    guard waiter.record.foundFence == nil else { return }
    storage.record.lock.lock()
    if let fence = Self.find(waiter.record.point, from: heldFence?.get()) {
      waiter.record.found(fence)
    } else {
      storage.record.waiters.append(waiter.record.place)
    }
    storage.record.lock.unlock()
  }

  /// Takes a waiter off the list, if it is still there (`drm_syncobj_remove_wait`).
  ///
  /// Afterwards nobody gives it a fence any more.
  func removeWaiter(_ waiter: Object<SyncObjectWaiter>) {
    storage.record.lock.lock()
    if !waiter.record.place.isAlone { waiter.record.place.remove() }
    storage.record.lock.unlock()
  }

  /// Gives a waiter the fence that it waits for, if that is there; with the lock held
  /// (`syncobj_wait_syncobj_func`).
  func tell(_ waiter: Object<SyncObjectWaiter>) {
    guard let fence = Self.find(waiter.record.point, from: heldFence?.get()) else { return }
    waiter.record.place.remove()
    waiter.record.found(fence)
    waiter.record.wakeUp()
  }
}
