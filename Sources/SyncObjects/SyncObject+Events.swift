internal import Fences
public import Kernel
internal import Machine

extension SyncObject {
  /// Has a counter raised when a point is signaled (`drm_syncobj_add_eventfd`).
  ///
  /// The point may not be there yet. It happens once. If the object ends before the point is
  /// there, it never happens, and nobody is told.
  ///
  /// - Parameters:
  ///   - counter: What is raised; the event takes a reference of its own.
  ///   - point: 0 for the object's fence, whichever comes first.
  ///   - flags: ``SyncObjectWaitFlags/available``: as soon as the point is there.
  /// - Throws: `invalidArgument` for any other flag; `noMemory`.
  public func addEvent(
    _ counter: EventCounter, at point: UInt64 = 0, _ flags: SyncObjectWaitFlags = []
  ) throws(Errno) {
    guard flags.isSubset(of: .available) else { throw .invalidArgument }
    let record = SyncObjectEvent(
      counter: counter, point: point, isAboutAppearing: flags.contains(.available))
    guard let event = Machine.tryAllocate(record) else { throw .noMemory }
    counter.get()
    storage.record.lock.lock()
    storage.record.events.append(event.record.place)
    tell(event)
    storage.record.lock.unlock()
  }

  /// Raises the event's counter or puts its callback on the fence, if the fence is there; with the
  /// lock held (`syncobj_eventfd_entry_func`).
  func tell(_ event: Object<SyncObjectEvent>) {
    guard let fence = Self.find(event.record.point, from: heldFence?.get()) else { return }
    event.record.place.remove()
    if event.record.isAboutAppearing {
      SyncObjectEvent.happen(event)
      fence.put()
      return
    }
    do throws(Errno) {
      try fence.addCallback(
        SyncObjectEvent.callback.field(of: event), SyncObjectEvent.fenceIsSignaled)
    } catch {
      SyncObjectEvent.happen(event)
      fence.put()
    }
  }

  /// Frees the events that wait for a fence which will not come.
  func forgetEvents() {
    while let node = storage.record.events.first {
      node.record.remove()
      SyncObjectEvent.free(SyncObjectEvent.node.record(around: node))
    }
  }
}

/// A counter that is to be raised (`struct syncobj_eventfd_entry`).
///
/// It waits on the object's list until the fence is there, then on the fence's, with a reference
/// to the fence; it ends itself.
struct SyncObjectEvent: ~Copyable {
  // Guarded by the object's lock.
  fileprivate let place = ListNode()
  private let callback = FenceCallback()
  private let counter: EventCounter
  let point: UInt64
  fileprivate let isAboutAppearing: Bool

  fileprivate init(counter: EventCounter, point: UInt64, isAboutAppearing: Bool) {
    self.counter = counter
    self.point = point
    self.isAboutAppearing = isAboutAppearing
  }

  static let node = FieldOffset<SyncObjectEvent, ListNode> { $0.place.address }
  static let callback = FieldOffset<SyncObjectEvent, FenceCallback> { $0.callback.address }

  /// Raises the counter and ends the event.
  fileprivate static func happen(_ event: Object<SyncObjectEvent>) {
    event.record.counter.signal()
    free(event)
  }

  /// Runs with the fence's lock held; whoever signals has a reference, so this one is not the last.
  fileprivate static let fenceIsSignaled = FenceCallback.Function { fence, callback in
    happen(SyncObjectEvent.callback.record(around: callback))
    fence.put()
  }

  fileprivate static func free(_ event: Object<SyncObjectEvent>) {
    event.record.counter.put()
    Machine.free(event)
  }
}
