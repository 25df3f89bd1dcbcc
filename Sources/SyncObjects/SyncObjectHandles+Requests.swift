public import Fences
public import Kernel
internal import Machine

extension SyncObjectHandles {
  /// Takes the fences of some objects away (`DRM_IOCTL_SYNCOBJ_RESET`).
  ///
  /// - Throws: `notSupported`; `invalidArgument` for no handles or a reserved field that is not 0;
  ///   `noEntry` for an unknown handle, and then nothing has changed.
  public func reset(_ handles: [UInt32], pad: UInt32 = 0) throws(Errno) {
    try require(.objects)
    guard pad == 0, !handles.isEmpty else { throw .invalidArgument }
    try withObjects(handles) { (objects) throws(Errno) in
      for object in objects { object.reset() }
    }
  }

  /// Gives each object a fence that is signaled already (`DRM_IOCTL_SYNCOBJ_SIGNAL`).
  ///
  /// - Throws: As ``reset(_:pad:)``; `noMemory`, and then some objects may have theirs.
  public func signal(_ handles: [UInt32], pad: UInt32 = 0) throws(Errno) {
    try require(.objects)
    guard pad == 0, !handles.isEmpty else { throw .invalidArgument }
    try withObjects(handles) { (objects) throws(Errno) in
      for object in objects where !object.signal() { throw .noMemory }
    }
  }

  /// Adds to each object a point that is signaled already (`DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL`).
  ///
  /// - Parameters:
  ///   - handles: The objects.
  ///   - points: One for each; nil makes all of them 0.
  ///   - flags: Reserved.
  /// - Throws: `notSupported`; `invalidArgument` for no handles or a flag; `noEntry` for an unknown
  ///   handle; `badAddress` for too few points; `noMemory`. Nothing has changed then.
  public func signalTimeline(
    _ handles: [UInt32], points: [UInt64]?, flags: UInt32 = 0
  ) throws(Errno) {
    try require(.timelines)
    guard flags == 0, !handles.isEmpty else { throw .invalidArgument }
    try withObjects(handles) { (objects) throws(Errno) in
      let points = try self.points(points, for: objects)
      var chains: [FenceChain] = []
      for _ in objects {
        guard let chain = FenceChain.allocate() else {
          for chain in chains { chain.free() }
          throw .noMemory
        }
        chains.append(chain)
      }
      for (index, object) in objects.enumerated() {
        let stub = Fence.stub()
        object.addPoint(points[index], stub, in: chains[index])
        stub.put()
      }
    }
  }

  /// How far each object's timeline is (`DRM_IOCTL_SYNCOBJ_QUERY`).
  ///
  /// - Parameter flags: 1 for the newest points, signaled or not
  ///   (`DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED`).
  /// - Returns: A point for each object; 0 for a binary one, or without fence.
  /// - Throws: `notSupported`; `invalidArgument` for no handles or any other flag; `noEntry` for an
  ///   unknown handle.
  public func query(_ handles: [UInt32], flags: UInt32 = 0) throws(Errno) -> [UInt64] {
    try require(.timelines)
    guard flags & ~1 == 0, !handles.isEmpty else { throw .invalidArgument }
    return try withObjects(handles) { (objects) throws(Errno) in
      objects.map { flags == 1 ? $0.lastSubmittedPoint() : $0.lastSignaledPoint() }
    }
  }

  /// Puts the fence at a point of one object to a point of another
  /// (`DRM_IOCTL_SYNCOBJ_TRANSFER`).
  ///
  /// Point 0 of the destination replaces its fence. Any other is a new point, which stands for what
  /// is pending in the source.
  ///
  /// - Parameters:
  ///   - source: The object to look in, and the point.
  ///   - destination: The object to change, and the point.
  ///   - flags: ``SyncObjectWaitFlags/forSubmit`` to wait for the source's fence.
  ///   - pad: Reserved.
  /// - Throws: `notSupported`; `invalidArgument` for a reserved field that is not 0, any other
  ///   flag, or a source without such a fence; `noEntry` for an unknown handle, the destination's
  ///   first; `noMemory`; `timeExpired` and `restartSystemCall` from the wait.
  public func transfer(
    from source: (handle: UInt32, point: UInt64), to destination: (handle: UInt32, point: UInt64),
    flags: SyncObjectWaitFlags = [], pad: UInt32 = 0
  ) throws(Errno) {
    try require(.timelines)
    guard pad == 0 else { throw .invalidArgument }
    try withObject(destination.handle) { (object) throws(Errno) in
      let fence = try findFence(source.handle, at: source.point, flags)
      defer { fence.put() }
      guard destination.point != 0 else { return object.replaceFence(with: fence) }
      guard let flat = Fence.merge([fence]) else { throw .noMemory }
      defer { flat.put() }
      guard let chain = FenceChain.allocate() else { throw .noMemory }
      object.addPoint(destination.point, flat, in: chain)
    }
  }

  /// Has a counter raised when a point is signaled (`DRM_IOCTL_SYNCOBJ_EVENTFD`); see
  /// ``SyncObject/addEvent(_:at:_:)``.
  ///
  /// - Parameter descriptor: The counter's in `files`.
  /// - Throws: `notSupported`; `invalidArgument` for a reserved field that is not 0, for any flag
  ///   but ``SyncObjectWaitFlags/available``, and where the descriptor is of another file;
  ///   `noEntry` for an unknown handle; `badDescriptor`; `noMemory`.
  public func addEvent(
    _ descriptor: Int32, in files: FileDescriptors, to handle: UInt32, at point: UInt64,
    flags: SyncObjectWaitFlags = [], pad: UInt32 = 0
  ) throws(Errno) {
    try require(.timelines)
    guard flags.isSubset(of: .available), pad == 0 else { throw .invalidArgument }
    try withObject(handle) { (object) throws(Errno) in
      let counter = try files.eventCounter(descriptor)
      defer { counter.put() }
      try object.addEvent(counter, at: point, flags)
    }
  }

  /// The fence at a point of an object, with a reference (`drm_syncobj_find_fence`); see
  /// ``SyncObject/findFence(at:_:)``.
  ///
  /// For a driver that a process gives handles to: what it submits waits for this fence, as a
  /// scheduler's job does for its dependencies.
  ///
  /// - Parameters:
  ///   - handle: The object.
  ///   - point: 0 for the object's fence as it is.
  ///   - flags: With ``SyncObjectWaitFlags/forSubmit`` it sleeps until the fence is there.
  /// - Returns: A stub where the point is signaled and forgotten.
  /// - Throws: `invalidArgument` for any other flag, and where there is no such fence; `noEntry`
  ///   for an unknown handle; `timeExpired` and `restartSystemCall` from the wait.
  public func findFence(
    _ handle: UInt32, at point: UInt64 = 0, _ flags: SyncObjectWaitFlags = []
  ) throws(Errno) -> Fence {
    guard flags.isSubset(of: .forSubmit) else { throw .invalidArgument }
    return try withObject(handle) { (object) throws(Errno) in
      try object.findFence(at: point, flags)
    }
  }

  /// A point for each object.
  func points(_ given: [UInt64]?, for objects: [SyncObject]) throws(Errno) -> [UInt64] {
    guard let given else { return objects.map { _ in 0 } }
    guard given.count >= objects.count else { throw .badAddress }
    return given
  }
}
