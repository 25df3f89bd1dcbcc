internal import Fences
public import Kernel

/// What becomes a descriptor, or comes from one (`DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_…`,
/// `DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_…`).
@frozen public struct SyncObjectSharingFlags: OptionSet, Hashable, Sendable {
  /// The kernel's number.
  public let rawValue: UInt32

  /// Makes a set of its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A sync file with the fence as it is now, instead of the object itself.
  public static let syncFile = SyncObjectSharingFlags(rawValue: 1)
  /// The fence at a point, with ``syncFile``; without this flag a sync file's point counts for
  /// nothing, whatever it is.
  public static let timeline = SyncObjectSharingFlags(rawValue: 2)

  var isKnown: Bool { isSubset(of: [.syncFile, .timeline]) }
}

extension SyncObjectHandles {
  /// Opens an object, or its fence, as a file (`DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD`).
  ///
  /// - Parameters:
  ///   - handle: The object.
  ///   - files: Where it is opened.
  ///   - flags: What is opened.
  ///   - point: Which fence, with both flags. The object itself has no points: without a sync file
  ///     it must be 0, whatever the flags say.
  ///   - pad: Reserved.
  /// - Throws: `notSupported`; `invalidArgument` for an unknown flag, a reserved field that is not
  ///   0, a point that is not 0 without a sync file, an unknown handle without a sync file, no
  ///   fence, or no memory for the file; `noEntry` for an unknown handle with a sync file;
  ///   `tooManyDescriptors`, which for a sync file comes before what is wrong with handle and
  ///   fence; `noMemory`.
  public func export(
    _ handle: UInt32, to files: FileDescriptors, flags: SyncObjectSharingFlags = [],
    point: UInt64 = 0, pad: UInt32 = 0
  ) throws(Errno) -> Int32 {
    try requireSharing(flags, pad)
    if flags.contains(.syncFile) {
      let point = flags.contains(.timeline) ? point : 0
      return try files.openSyncFile { () throws(Errno) in
        let fence = try findFence(handle, at: point, [])
        defer { fence.put() }
        guard let file = SyncFile.make(fence) else { throw .invalidArgument }
        return file
      }
    }
    guard point == 0, let object = object(handle) else { throw .invalidArgument }
    defer { object.put() }
    return try files.install(.syncObject(object))
  }

  /// Takes over an object, or a fence, that somebody opened as a file
  /// (`DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE`).
  ///
  /// - Parameters:
  ///   - descriptor: The file in `files`.
  ///   - flags: With ``SyncObjectSharingFlags/syncFile`` the file's fence goes into an object that
  ///     there is; otherwise the object gets one more handle.
  ///   - handle: The object for a sync file.
  ///   - point: With both flags the new point; 0 replaces the fence. Without a sync file it must
  ///     be 0, whatever the flags say.
  ///   - pad: Reserved.
  /// - Returns: The handle: the new one, or `handle`.
  /// - Throws: `notSupported`; `invalidArgument` for an unknown flag, a reserved field that is not
  ///   0, a point that is not 0 without a sync file, and where the descriptor is of another file;
  ///   `noEntry` for an unknown handle; `noMemory`.
  @discardableResult public func `import`(
    _ descriptor: Int32, from files: FileDescriptors, flags: SyncObjectSharingFlags = [],
    into handle: UInt32 = 0, point: UInt64 = 0, pad: UInt32 = 0
  ) throws(Errno) -> UInt32 {
    try requireSharing(flags, pad)
    if flags.contains(.syncFile) {
      let point = flags.contains(.timeline) ? point : 0
      try importFence(of: descriptor, from: files, into: handle, at: point)
      return handle
    }
    guard point == 0, let file = files.find(descriptor) else { throw .invalidArgument }
    defer { file.put() }
    guard case .syncObject(let object) = file else { throw .invalidArgument }
    return try self.handle(for: object)
  }

  private func requireSharing(_ flags: SyncObjectSharingFlags, _ pad: UInt32) throws(Errno) {
    try require(.objects)
    guard pad == 0, flags.isKnown else { throw .invalidArgument }
  }

  private func importFence(
    of descriptor: Int32, from files: FileDescriptors, into handle: UInt32, at point: UInt64
  ) throws(Errno) {
    guard let fence = files.fence(of: descriptor) else { throw .invalidArgument }
    defer { fence.put() }
    try withObject(handle) { (object) throws(Errno) in
      guard point != 0 else { return object.replaceFence(with: fence) }
      guard let chain = FenceChain.allocate() else { throw .noMemory }
      object.addPoint(point, fence, in: chain)
    }
  }
}
