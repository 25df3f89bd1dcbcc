public import Fences
public import Kernel
internal import Machine

extension SyncFile {
  /// What a process can learn about a file (`struct sync_file_info`).
  public struct Information: Hashable, Sendable {
    /// The name.
    public let name: String
    /// What became of the whole.
    public let status: Fence.Status
    /// How many fences the file stands for.
    public let fenceCount: Int
    /// Those fences, if there was room for them.
    public let fences: [FenceInformation]
  }

  /// What a process can learn about a fence (`struct sync_fence_info`).
  public struct FenceInformation: Hashable, Sendable {
    /// The timeline's name (`obj_name`).
    public let timelineName: String
    /// The driver's name.
    public let driverName: String
    /// What became of it.
    public let status: Fence.Status
    /// When it was signaled, in nanoseconds; 0 while it is pending.
    public let timestamp: UInt64
  }

  /// The name that the file was merged under, otherwise driver, timeline, context and sequence
  /// number of its fence (`sync_file_get_name`).
  public var name: String {
    let given = storage.record.userName
    if !given.isEmpty { return given }
    let fence = fence
    let number = Int64(bitPattern: fence.seqno)
    return "\(fence.driverName)-\(fence.timelineName)\(fence.context)-\(number)".asName
  }

  /// What the file stands for, and what became of it (`SYNC_IOC_FILE_INFO`).
  ///
  /// With no room the status is that of the file's fence. Otherwise it is the first among the
  /// fences' that is not done.
  ///
  /// - Parameter room: How many fences the caller has room for.
  /// - Throws: `invalidArgument` where there are more than the room that was given; `noMemory`.
  public func information(room: Int = 0) throws(Errno) -> Information {
    var count = 0
    fence.forEachUnwrapped { _ in count += 1 }
    if room == 0 {
      // Before the name: the question can signal the fence, which then has no names any more.
      let status = fence.status()
      return Information(name: name, status: status, fenceCount: count, fences: [])
    }
    guard room >= count else { throw .invalidArgument }
    if Machine.choose(below: 2, "allocation fails") == 1 { throw .noMemory }
    var fences: [FenceInformation] = []
    fence.forEachUnwrapped { if fences.count < count { fences.append(Self.information(on: $0)) } }
    let status = fences.map(\.status).first { $0 != .done } ?? .done
    return Information(name: name, status: status, fenceCount: fences.count, fences: fences)
  }

  private static func information(on fence: Fence) -> FenceInformation {
    let (timeline, driver) = (fence.timelineName.asName, fence.driverName.asName)
    let status = fence.status()
    // Under the lock, which orders the timestamp: the signaler holds it until that is there.
    let timestamp = status == .pending ? 0 : fence.withLock { fence.timestamp() }
    return FenceInformation(
      timelineName: timeline, driverName: driver, status: status, timestamp: timestamp)
  }
}
