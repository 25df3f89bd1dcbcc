internal import Fences
internal import Kernel
public import Machine

/// A timeline that a process moves on by hand, to test what waits for fences: the kernel's
/// `sw_sync`, `struct sync_timeline`.
///
/// A point's fence is signaled when the timeline's value has come that far; both wrap, and may lie
/// less than 2³¹ apart. The handle is trivial; ``get()`` and ``put()`` count, and every fence has a
/// reference, because the timeline's lock is the lock of all of them and must outlive them.
public struct SoftwareTimeline: MachineReference, Equatable {
  let storage: Object<SoftwareTimelineStorage>

  /// The timeline that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the timeline lives.
  public var machineAddress: UInt { storage.machineAddress }

  // MARK: - Life

  /// A timeline at 0, with one reference, for ``close()`` to give back (`sync_timeline_create`).
  ///
  /// - Parameter name: The kernel takes the task's; it keeps 31 bytes.
  /// - Returns: nil without memory.
  public static func make(_ name: String) -> SoftwareTimeline? {
    let record = SoftwareTimelineStorage(name: name.asName, context: FenceContext.allocate())
    guard let storage = Machine.tryAllocate(record) else { return nil }
    storage.record.lock.initialise(class: "software timeline")
    storage.record.points.initialise()
    return SoftwareTimeline(machineAddress: storage.machineAddress)
  }

  /// Takes a reference.
  @discardableResult public func get() -> SoftwareTimeline {
    storage.record.references.get()
    return self
  }

  /// Gives a reference back.
  public func put() {
    if storage.record.references.put() { Machine.free(storage) }
  }

  /// Ends the timeline for its owner: what is pending fails with `noEntry` (closing its file).
  public func close() {
    guard storage.record.openers.put() else { return }
    signalPoints(error: .noEntry)
    put()
  }

  /// Has ``close()`` wait for one more call, as long as a request works on the timeline's file.
  func openAgain() { storage.record.openers.get() }

  // MARK: - Where it stands

  /// The timeline's name.
  public var name: String { storage.record.name }

  /// How far the timeline has come.
  public var value: UInt32 {
    // relaxed: stale at once, whatever the ordering.
    storage.record.value.load(.relaxed)
  }

  /// Moves the timeline on and signals every point that it has come to, in order
  /// (`SW_SYNC_IOC_INC`).
  ///
  /// - Parameter count: More than half the range goes in two steps, so that no point in between is
  ///   jumped over.
  /// - Ordering: What was written before is visible to whoever waited for one of these points.
  public func increment(by count: UInt32 = 1) {
    let stepMax = UInt32(Int32.max)
    var left = count
    while left > stepMax {
      signalPoints(movingOnBy: stepMax)
      left -= stepMax
    }
    signalPoints(movingOnBy: left)
  }

  /// Signals what the timeline has come to, or everything with an error.
  private func signalPoints(movingOnBy step: UInt32 = 0, error: Errno? = nil) {
    var signaled: [Fence] = []
    storage.record.lock.lockIRQSave()
    // relaxed: written under the lock; whoever reads it without goes on to take the lock.
    storage.record.value.store(value &+ step, .relaxed)
    var next = storage.record.points.first
    while let link = next {
      next = storage.record.points.next(after: link)
      let fence = SoftwarePoint.fence(at: link)
      if error == nil && !isPassed(fence) { break }
      // A point without references waits for this lock, to leave by itself.
      guard fence.getUnlessZero() != nil else { continue }
      link.record.remove()
      if let error, !fence.testSignaledFlagLocked() { fence.setError(error) }
      fence.signalLocked()
      signaled.append(fence)
    }
    storage.record.lock.unlockIRQRestore()
    // Only now: a point's end takes the lock.
    for fence in signaled { fence.put() }
  }

  func isPassed(_ fence: Fence) -> Bool { !fence.isLater(fence.seqno, than: UInt64(value)) }
}

/// A software timeline's memory.
struct SoftwareTimelineStorage: ~Copyable {
  let references = ReferenceCount(1)
  /// Who has it open; they have one reference together.
  let openers = ReferenceCount(1)
  let name: String
  let context: UInt64
  /// The lock of every fence of the timeline.
  let lock = SpinLock()
  // Written under lock:
  let value = Word<UInt32>(0)
  // Guarded by lock: the pending points, the earliest first.
  let points = ListHead()

  init(name: String, context: UInt64) {
    self.name = name
    self.context = context
  }

  static let lock = FieldOffset<SoftwareTimelineStorage, SpinLock> { $0.lock.address }
}
