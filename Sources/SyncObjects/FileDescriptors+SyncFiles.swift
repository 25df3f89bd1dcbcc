public import Kernel

// The requests that a sync file understands. Reserved fields are arguments, because a process can
// fill them with anything.

extension FileDescriptors {
  /// Opens one file for the fences of two (`SYNC_IOC_MERGE`); see ``SyncFile/merge(with:name:)``.
  ///
  /// - Throws: `badDescriptor` and `wrongRequest` about the first file; `tooManyDescriptors`;
  ///   `invalidArgument` for a reserved field that is not 0; `noEntry` where the second is no sync
  ///   file; `noMemory`; the first that applies.
  public func merge(
    _ descriptor: Int32, with other: Int32, name: String = "", flags: UInt32 = 0, pad: UInt32 = 0
  ) throws(Errno) -> Int32 {
    let file = try requireSyncFile(descriptor)
    defer { file.put() }
    return try openSyncFile { () throws(Errno) in
      guard flags == 0, pad == 0 else { throw .invalidArgument }
      guard let otherFile = syncFile(other) else { throw .noEntry }
      defer { otherFile.put() }
      guard let merged = file.merge(with: otherFile, name: name) else { throw .noMemory }
      return merged
    }
  }

  /// What a sync file stands for (`SYNC_IOC_FILE_INFO`); see ``SyncFile/information(room:)``.
  ///
  /// - Throws: `badDescriptor` and `wrongRequest` about the file; `invalidArgument` for a reserved
  ///   field that is not 0, or too little room; `noMemory`.
  public func information(
    on descriptor: Int32, room: Int = 0, flags: UInt32 = 0, pad: UInt32 = 0
  ) throws(Errno) -> SyncFile.Information {
    let file = try requireSyncFile(descriptor)
    defer { file.put() }
    guard flags == 0, pad == 0 else { throw .invalidArgument }
    return try file.information(room: room)
  }

  /// Says by when a sync file's fence would be wanted (`SYNC_IOC_SET_DEADLINE`).
  ///
  /// - Throws: `badDescriptor` and `wrongRequest` about the file; `invalidArgument` for a reserved
  ///   field that is not 0.
  public func setDeadline(
    _ deadline: UInt64, of descriptor: Int32, pad: UInt64 = 0
  ) throws(Errno) {
    let file = try requireSyncFile(descriptor)
    defer { file.put() }
    guard pad == 0 else { throw .invalidArgument }
    file.setDeadline(deadline)
  }

  /// Sleeps until a file can be read: a sync file when its fence is signaled, a counter when it is
  /// not 0, any other at once (`poll`).
  ///
  /// - Parameter milliseconds: How long at most; a negative number is without end.
  /// - Returns: Whether it can.
  /// - Throws: `badDescriptor`; `interrupted` where a signal is pending and the file is not ready.
  public func poll(_ descriptor: Int32, milliseconds: Int) throws(Errno) -> Bool {
    guard let file = find(descriptor) else { throw .badDescriptor }
    defer { file.put() }
    let timeout = milliseconds < 0 ? Jiffies.max : Jiffies(milliseconds)
    switch file {
    case .syncFile(let syncFile): return try syncFile.wait(timeout: timeout)
    case .counter(let counter):
      do throws(Errno) {
        return try counter.wait(timeout: timeout) > .zero
      } catch {
        throw .interrupted
      }
    case .timeline, .syncObject: return true
    }
  }
}
