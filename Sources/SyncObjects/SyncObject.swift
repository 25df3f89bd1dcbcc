public import Fences
internal import Kernel
public import Machine

/// A place for a fence that can be replaced, which processes share: the kernel's `struct
/// drm_syncobj`.
///
/// As a *binary* object it has a fence or none. As a *timeline* its fence is the newest node of a
/// chain, and a point names a place on it; point 0 always means the fence itself. The handle is
/// trivial; ``get()`` and ``put()`` count.
public struct SyncObject: MachineReference, Equatable {
  let storage: Object<SyncObjectStorage>

  /// The object that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the object lives.
  public var machineAddress: UInt { storage.machineAddress }

  // MARK: - Life

  /// An object with one reference (`drm_syncobj_create`).
  ///
  /// - Parameters:
  ///   - isSignaled: Whether it begins with a fence that is signaled already
  ///     (`DRM_SYNCOBJ_CREATE_SIGNALED`).
  ///   - fence: What it begins with; the object takes a reference of its own.
  /// - Returns: nil without memory.
  public static func make(isSignaled: Bool = false, fence: Fence? = nil) -> SyncObject? {
    guard let storage = Machine.tryAllocate(SyncObjectStorage()) else { return nil }
    let object = SyncObject(machineAddress: storage.machineAddress)
    storage.record.lock.initialise(class: "sync object")
    storage.record.waiters.initialise()
    storage.record.events.initialise()
    if isSignaled && !object.signal() {
      object.put()
      return nil
    }
    if let fence { object.replaceFence(with: fence) }
    return object
  }

  /// Takes a reference (`drm_syncobj_get`).
  @discardableResult public func get() -> SyncObject {
    storage.record.references.get()
    return self
  }

  /// Gives a reference back; the last one ends the object (`drm_syncobj_put`).
  ///
  /// Events that still wait for a fence to appear are forgotten without a word.
  public func put() {
    guard storage.record.references.put() else { return }
    replaceFence(with: nil)
    forgetEvents()
    Machine.free(storage)
  }

  // MARK: - The fence

  /// The fence, with a reference (`drm_syncobj_fence_get`).
  public func fence() -> Fence? {
    RCU.withReadLock { Fence.get(from: storage.record.fence) }
  }

  /// Puts another fence, or none, in the place of the present one (`drm_syncobj_replace_fence`).
  ///
  /// Whoever waits for a fence to appear is told.
  ///
  /// - Parameter fence: The object takes a reference of its own.
  public func replaceFence(with fence: Fence?) {
    fence?.get()
    storage.record.lock.lock()
    let old = heldFence
    RCU.assign(fence, to: storage.record.fence)
    if fence != old { tellEverybody() }
    storage.record.lock.unlock()
    old?.put()
  }

  /// Takes the fence away (`DRM_IOCTL_SYNCOBJ_RESET`).
  public func reset() { replaceFence(with: nil) }

  /// Gives the object a fence that is signaled already (`drm_syncobj_assign_null_handle`).
  ///
  /// - Returns: false without memory.
  public func signal() -> Bool {
    guard let stub = Fence.makeStub(timestamp: Machine.clock()) else { return false }
    replaceFence(with: stub)
    stub.put()
    return true
  }

  /// Adds a point to the timeline (`drm_syncobj_add_point`).
  ///
  /// A point that is not higher than the newest one is an error that the kernel forgives: it
  /// begins a new timeline, and ``lastSignaledPoint()`` may fall back to 0. A fence that is a
  /// chain is warned about.
  ///
  /// - Parameters:
  ///   - chain: Memory for the node (``FenceChain/allocate()``), which becomes the object's.
  ///   - fence: What the point stands for; the node takes a reference of its own.
  ///   - point: The point.
  public func addPoint(_ point: UInt64, _ fence: Fence, in chain: FenceChain) {
    fence.get()
    storage.record.lock.lock()
    let previous = self.fence()
    chain.initialise(previous: previous, fence: fence, seqno: point)
    RCU.assign(chain.fence, to: storage.record.fence)
    tellEverybody()
    storage.record.lock.unlock()
    guard let previous else { return }
    // What is signaled leaves the list, so that it does not grow for ever.
    _ = FenceChain.walk(from: previous) { _ in true }
    // The reference that the object had.
    previous.put()
  }

  /// The fence, for the holder of the lock.
  var heldFence: Fence? {
    // relaxed: only the holder of the lock writes it.
    storage.record.fence.load(.relaxed)
  }

  /// Whoever waits for a fence looks whether this is it; with the lock held.
  private func tellEverybody() {
    forEach(in: storage.record.waiters) { tell(SyncObjectWaiter.node.record(around: $0)) }
    forEach(in: storage.record.events) { tell(SyncObjectEvent.node.record(around: $0)) }
  }

  /// Visits a list whose nodes may leave it while they are visited.
  private func forEach(in list: borrowing ListHead, _ body: (Object<ListNode>) -> Void) {
    var next = list.first
    while let node = next {
      next = list.next(after: node)
      body(node)
    }
  }

  // MARK: - Points

  /// The fence that stands for a point of a timeline, with a reference.
  ///
  /// - Parameter newest: The object's fence; the reference is taken over.
  /// - Returns: nil where the point is not there yet; a stub where it is signaled and forgotten.
  static func find(_ point: UInt64, from newest: Fence?) -> Fence? {
    if newest == nil { return nil }
    var found = newest
    do throws(Errno) {
      try FenceChain.find(seqno: point, from: &found)
    } catch {
      found?.put()
      return nil
    }
    return found ?? Fence.stub()
  }

  /// The highest point that is signaled with all before it; 0 for a binary object
  /// (`DRM_IOCTL_SYNCOBJ_QUERY`).
  public func lastSignaledPoint() -> UInt64 {
    guard let newest = fence() else { return 0 }
    defer { newest.put() }
    guard FenceChain(newest) != nil else { return 0 }
    var oldest = newest.get()
    let other = FenceChain.walk(from: newest) { node in
      guard node.context == newest.context else { return false }
      oldest.put()
      oldest = node.get()
      return true
    }
    other?.put()
    defer { oldest.put() }
    if oldest.isSignaled() { return oldest.seqno }
    return FenceChain(oldest)?.previousSeqno ?? 0
  }

  /// The newest point, signaled or not; 0 for a binary object
  /// (`DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED`).
  public func lastSubmittedPoint() -> UInt64 {
    guard let newest = fence() else { return 0 }
    defer { newest.put() }
    return FenceChain(newest) == nil ? 0 : newest.seqno
  }
}

/// A sync object's memory.
struct SyncObjectStorage: ~Copyable {
  // RCU: replaced by the holder of the lock.
  let fence = Word<Fence?>(nil)
  let references = ReferenceCount(1)
  let lock = SpinLock()
  // Guarded by lock: who waits for a fence to appear.
  let waiters = ListHead()
  let events = ListHead()
}
