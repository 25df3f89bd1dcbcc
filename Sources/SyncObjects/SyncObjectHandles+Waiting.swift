public import Kernel
internal import Machine

extension SyncObjectHandles {
  /// Sleeps until the fences of some objects are signaled (`DRM_IOCTL_SYNCOBJ_WAIT`); see
  /// ``SyncObject/wait(for:_:timeout:deadline:)``.
  ///
  /// - Parameters:
  ///   - handles: None at all is legal and returns at once; it tells which flags there are.
  ///   - timeout: The moment until which to wait, in nanoseconds on the machine's clock; one that
  ///     is past, or 0, only asks.
  ///   - flags: All but ``SyncObjectWaitFlags/available``.
  ///   - deadline: With ``SyncObjectWaitFlags/deadline``, what the drivers are told.
  /// - Returns: The number of an object that is over; `UInt32.max` where there is none to name.
  /// - Throws: `notSupported`; `invalidArgument` for any other flag, or an object without fence;
  ///   `noEntry` for an unknown handle; `timeExpired`; `restartSystemCall`; `noMemory`.
  @discardableResult public func wait(
    for handles: [UInt32], until timeout: Int64, flags: SyncObjectWaitFlags = [],
    deadline: UInt64 = 0
  ) throws(Errno) -> UInt32 {
    try require(.objects)
    guard flags.isSubset(of: [.all, .forSubmit, .deadline]) else { throw .invalidArgument }
    return try wait(handles, nil, timeout, flags, deadline)
  }

  /// Sleeps until points of some timelines are signaled, or there
  /// (`DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT`).
  ///
  /// - Parameter points: One for each; nil makes all of them 0.
  /// - Throws: As ``wait(for:until:flags:deadline:)``, which does not know
  ///   ``SyncObjectWaitFlags/available``; `badAddress` for too few points.
  @discardableResult public func waitTimeline(
    for handles: [UInt32], points: [UInt64]?, until timeout: Int64,
    flags: SyncObjectWaitFlags = [], deadline: UInt64 = 0
  ) throws(Errno) -> UInt32 {
    try require(.timelines)
    guard flags.isSubset(of: [.all, .forSubmit, .available, .deadline]) else {
      throw .invalidArgument
    }
    return try wait(handles, points, timeout, flags, deadline)
  }

  private func wait(
    _ handles: [UInt32], _ points: [UInt64]?, _ timeout: Int64, _ flags: SyncObjectWaitFlags,
    _ deadline: UInt64
  ) throws(Errno) -> UInt32 {
    if handles.isEmpty { return .max }
    return try withObjects(handles) { (objects) throws(Errno) in
      let points = try self.points(points, for: objects)
      let index = try SyncObject.wait(
        for: Array(zip(objects, points)), flags,
        timeout: .untilAbsolute(timeout, now: Machine.clock()),
        deadline: flags.contains(.deadline) ? deadline : nil)
      return index.map { UInt32($0) } ?? .max
    }
  }
}

extension Jiffies {
  /// The ticks until a moment, one too many rather than too few; zero for one that is past, and
  /// never without end (`drm_timeout_abs_to_jiffies`).
  ///
  /// - Parameters:
  ///   - moment: In nanoseconds on the machine's clock; 0 is no moment but asks for no time.
  ///   - now: The clock.
  public static func untilAbsolute(_ moment: Int64, now: UInt64) -> Jiffies {
    guard moment > 0, UInt64(moment) > now else { return .zero }
    let whole = (UInt64(moment) - now) / nanosecondsPerJiffy
    return Jiffies(Int(clamping: min(whole, UInt64(Int.max - 2)) + 1))
  }
}
