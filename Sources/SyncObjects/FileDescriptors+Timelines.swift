internal import Fences
public import Kernel

// The requests that a software timeline's file understands.

extension FileDescriptors {
  /// Opens a new software timeline (opening `sw_sync`).
  ///
  /// Closing its last descriptor ends it: what is pending fails with `noEntry`.
  ///
  /// - Throws: `tooManyDescriptors`, before anything is made; `noMemory`.
  public func openTimeline(_ name: String) throws(Errno) -> Int32 {
    try openFile { () throws(Errno) in
      guard let timeline = SoftwareTimeline.make(name) else { throw .noMemory }
      return .timeline(timeline)
    }
  }

  /// Opens a sync file for a point of a timeline (`SW_SYNC_IOC_CREATE_FENCE`); see
  /// ``SoftwareTimeline/makeFence(at:)``.
  ///
  /// - Throws: `badDescriptor` and `wrongRequest` about the timeline's file; `tooManyDescriptors`,
  ///   before anything is made; `noMemory`.
  public func createFence(on timeline: Int32, at value: UInt32) throws(Errno) -> Int32 {
    let timeline = try requireTimeline(timeline)
    defer { timeline.close() }
    return try openSyncFile { () throws(Errno) in try timeline.makeSyncFile(at: value) }
  }

  /// Moves a timeline on (`SW_SYNC_IOC_INC`); see ``SoftwareTimeline/increment(by:)``.
  ///
  /// - Throws: `badDescriptor` and `wrongRequest` about the timeline's file.
  public func increment(_ timeline: Int32, by count: UInt32) throws(Errno) {
    let timeline = try requireTimeline(timeline)
    defer { timeline.close() }
    timeline.increment(by: count)
  }

  /// The earliest deadline that was set on a fence of a software timeline
  /// (`SW_SYNC_GET_DEADLINE`).
  ///
  /// - Parameters:
  ///   - file: The fence's sync file.
  ///   - timeline: Any software timeline.
  ///   - deadline: The place of the answer; the kernel wants it to be 0 before.
  ///   - pad: Reserved.
  /// - Throws: `badDescriptor` and `wrongRequest` about the timeline's file; `invalidArgument` for
  ///   an input that is not 0, and where `file` has no such fence; `noEntry` where nobody set one.
  public func deadline(
    of file: Int32, on timeline: Int32, deadline: UInt64 = 0, pad: UInt32 = 0
  ) throws(Errno) -> UInt64 {
    let timeline = try requireTimeline(timeline)
    defer { timeline.close() }
    guard deadline == 0, pad == 0, let fence = fence(of: file) else { throw .invalidArgument }
    defer { fence.put() }
    return try SoftwareTimeline.deadline(of: fence)
  }
}
