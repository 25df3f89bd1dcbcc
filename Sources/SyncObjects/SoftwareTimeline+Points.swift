public import Fences
public import Kernel
internal import Machine

extension SoftwareTimeline {
  /// A fence for a point, with a reference (`sync_pt_create`).
  ///
  /// Points with one value share one fence while it lives; a point that the timeline has passed is
  /// signaled from the start.
  ///
  /// - Throws: `noMemory`.
  public func makeFence(at value: UInt32) throws(Errno) -> Fence {
    guard let point = Machine.tryAllocate(alignment: 64, SoftwarePoint(of: self)) else {
      throw .noMemory
    }
    get()
    let fence = Fence(machineAddress: point.machineAddress)
    let lock = SoftwareTimelineStorage.lock.field(of: storage)
    fence.initialise(
      operations: Self.operations, lock: lock, context: storage.record.context,
      seqno: UInt64(value))
    point.record.link.initialise()
    lock.record.lockIRQSave()
    let shared = fence.isSignaledLocked() ? nil : insert(point, value)
    lock.record.unlockIRQRestore()
    guard let shared else { return fence }
    put()
    Machine.free(point)
    return shared
  }

  /// A file for a point (`SW_SYNC_IOC_CREATE_FENCE`); see ``makeFence(at:)``.
  public func makeSyncFile(at value: UInt32) throws(Errno) -> SyncFile {
    let fence = try makeFence(at: value)
    defer { fence.put() }
    guard let file = SyncFile.make(fence) else { throw .noMemory }
    return file
  }

  /// The earliest deadline that somebody set on a fence of a software timeline
  /// (`SW_SYNC_GET_DEADLINE`).
  ///
  /// - Throws: `noEntry` where nobody did; `invalidArgument` for any other driver's fence.
  public static func deadline(of fence: Fence) throws(Errno) -> UInt64 {
    guard fence.usesOperations(operations) else { throw .invalidArgument }
    let point = Object<SoftwarePoint>(machineAddress: fence.machineAddress)
    let deadline = fence.withLock {
      point.record.hasDeadline.value ? point.record.deadline.value : nil
    }
    guard let deadline else { throw .noEntry }
    return deadline
  }

  /// Puts a pending point into the list, with the lock held; the newest ones are looked at first.
  ///
  /// - Returns: The fence with the same value, with a reference, if there is one; then the new
  ///   point is not in the list.
  private func insert(_ point: Object<SoftwarePoint>, _ value: UInt32) -> Fence? {
    var earlier = storage.record.points.last
    while let link = earlier {
      let other = SoftwarePoint.fence(at: link)
      let distance = Int32(bitPattern: value &- UInt32(truncatingIfNeeded: other.seqno))
      if distance > 0 { break }
      if distance == 0, let shared = other.getUnlessZero() { return shared }
      earlier = storage.record.points.previous(before: link)
    }
    if let earlier {
      storage.record.points.insert(point.record.link, after: earlier)
    } else {
      storage.record.points.prepend(point.record.link)
    }
    return nil
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "sw_sync" },
      timelineName: { timeline(of: $0).name },
      enableSignaling: { _ in true },
      isSignaled: { timeline(of: $0).isPassed($0) },
      release: { release($0) },
      setDeadline: { noteDeadline($1, of: $0) }))

  private static func timeline(of fence: Fence) -> SoftwareTimeline {
    Object<SoftwarePoint>(machineAddress: fence.machineAddress).record.timeline
  }

  private static func release(_ fence: Fence) {
    let point = Object<SoftwarePoint>(machineAddress: fence.machineAddress)
    fence.withLock { if !point.record.link.isAlone { point.record.link.remove() } }
    timeline(of: fence).put()
    RCU.free(point)
  }

  private static func noteDeadline(_ deadline: UInt64, of fence: Fence) {
    let point = Object<SoftwarePoint>(machineAddress: fence.machineAddress)
    fence.withLock {
      let isEarlier =
        !point.record.hasDeadline.value || deadline < point.record.deadline.value
      if isEarlier { point.record.deadline.value = deadline }
      point.record.hasDeadline.value = true
    }
  }
}

/// A fence of a software timeline (`struct sync_pt`).
struct SoftwarePoint: ~Copyable {
  // First, so that the fence's address is the point's.
  let fence = FenceStorage()
  // Guarded by the timeline's lock; alone once the fence is signaled.
  let link = ListNode()
  let deadline = Cell<UInt64>(0)
  let hasDeadline = Cell<Bool>(false)
  // With a reference:
  let timeline: SoftwareTimeline

  init(of timeline: SoftwareTimeline) { self.timeline = timeline }

  private static let link = FieldOffset<SoftwarePoint, ListNode> { $0.link.address }

  static func fence(at link: Object<ListNode>) -> Fence {
    Fence(machineAddress: Self.link.record(around: link).machineAddress)
  }
}
