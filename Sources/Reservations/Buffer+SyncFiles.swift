internal import Fences
public import Kernel
public import SyncObjects

// What a process sees of a buffer's fences: sync files. A process that synchronises explicitly
// takes what is pending out of a buffer as a file, and puts the file of its own work back in.

extension Buffer {
  /// A file for everything that an access must wait for, as it is now
  /// (`dma_buf_export_sync_file`).
  ///
  /// Whoever wants to write waits for readers and writers, whoever wants to read for writers. What
  /// is added to the buffer later is not in the file.
  ///
  /// - Returns: With a reference of the caller's; where nothing is pending, a file that is signaled
  ///   already.
  /// - Throws: `invalidArgument` for neither reading nor writing, or for anything else; `noMemory`.
  public func exportSyncFile(for access: BufferAccess) throws(Errno) -> SyncFile {
    let fence = try exportFence(for: access)
    // The file takes a reference of its own.
    defer { fence.put() }
    guard let file = SyncFile.make(fence) else { throw .noMemory }
    return file
  }

  /// Makes later accesses wait for the file's fences (`dma_buf_import_sync_file`).
  ///
  /// - Parameters:
  ///   - file: Borrowed. Each fence it stands for is added on its own.
  ///   - access: What the fences' work does to the buffer; writing counts where it does both.
  /// - Throws: `invalidArgument` for neither reading nor writing, or for anything else; `noMemory`,
  ///   and then nothing was added.
  public func importSyncFile(_ file: SyncFile, as access: BufferAccess) throws(Errno) {
    try importFences([file.fence], as: access)
  }

  /// Opens such a file in a process (`DMA_BUF_IOCTL_EXPORT_SYNC_FILE`).
  ///
  /// - Returns: Its number.
  /// - Throws: What ``exportSyncFile(for:)`` throws; `tooManyDescriptors`, once the access is valid
  ///   and before any fence is looked at.
  public func exportSyncFile(
    for access: BufferAccess, to files: FileDescriptors
  ) throws(Errno) -> Int32 {
    guard access.isValid else { throw .invalidArgument }
    return try files.openSyncFile { () throws(Errno) in try exportSyncFile(for: access) }
  }

  /// Imports a file that a process has open (`DMA_BUF_IOCTL_IMPORT_SYNC_FILE`).
  ///
  /// - Parameters:
  ///   - descriptor: Its number; it stays open.
  ///   - files: The table that the number is from.
  ///   - access: As in ``importSyncFile(_:as:)``.
  /// - Throws: What ``importSyncFile(_:as:)`` throws, and `invalidArgument` where the number stands
  ///   for no sync file.
  public func importSyncFile(
    _ descriptor: Int32, of files: FileDescriptors, as access: BufferAccess
  ) throws(Errno) {
    guard let file = files.syncFile(descriptor) else { throw .invalidArgument }
    defer { file.put() }
    try importSyncFile(file, as: access)
  }
}
