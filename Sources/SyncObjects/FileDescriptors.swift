public import Fences
public import Kernel
public import Machine

/// The open files of a process: numbers that stand for sync files, software timelines, event
/// counters and shared sync objects.
///
/// They are numbers of this table and of no operating system, so that they work in every kind of
/// run; ``SyncFile/descriptor()`` has one that `poll(2)` understands. What is called here is what a
/// process calls: arguments are numbers, and every one is checked.
public struct FileDescriptors: MachineReference, Equatable {
  private let storage: Object<FileDescriptorsStorage>

  /// The table that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the table lives.
  public var machineAddress: UInt { storage.machineAddress }

  // MARK: - Life

  /// A table without open files.
  ///
  /// - Parameter limit: How many the process may have (`RLIMIT_NOFILE`).
  public static func make(limit: Int = Limits.descriptorCountMax) -> FileDescriptors {
    let record = FileDescriptorsStorage(files: .make(), limit: limit)
    return FileDescriptors(machineAddress: Machine.allocate(record).machineAddress)
  }

  /// Closes everything that is open and ends the table.
  ///
  /// - Precondition: Nobody else uses the table any more.
  public func destroy() {
    storage.record.files.destroy { OpenFile(word: $0).put() }
    Machine.free(storage)
  }

  /// Closes a file (`close`).
  ///
  /// - Throws: `badDescriptor` where nothing is open under the number.
  public func close(_ descriptor: Int32) throws(Errno) {
    guard let word = storage.record.files.remove(Int(descriptor)) else { throw .badDescriptor }
    OpenFile(word: word).put()
  }

  /// Opens a sync file under the lowest free number (`fd_install`).
  ///
  /// - Parameter file: The table takes a reference of its own.
  /// - Throws: `tooManyDescriptors`; `noMemory`.
  public func install(_ file: SyncFile) throws(Errno) -> Int32 { try install(.syncFile(file)) }

  /// Takes the lowest free number, makes a sync file, and opens it under the number
  /// (`get_unused_fd_flags`, `fd_install`, `put_unused_fd`).
  ///
  /// Requests that make a file begin with the number, so a process that has none left is told so
  /// before anything else is looked at.
  ///
  /// - Parameter make: Its file's reference becomes the table's.
  /// - Throws: `tooManyDescriptors`; `noMemory`; what `make` throws, and then the number is free.
  public func openSyncFile(
    _ make: () throws(Errno) -> SyncFile
  ) throws(Errno) -> Int32 {
    try openFile { () throws(Errno) in .syncFile(try make()) }
  }

  /// The sync file that is open under a number, with a reference; nil for anything else.
  public func syncFile(_ descriptor: Int32) -> SyncFile? {
    guard case .syncFile(let file) = find(descriptor) else { return nil }
    return file
  }

  /// The fence of the sync file that is open under a number, with a reference; nil for anything
  /// else (`sync_file_get_fence`).
  public func fence(of descriptor: Int32) -> Fence? {
    guard let file = syncFile(descriptor) else { return nil }
    defer { file.put() }
    return file.fence.get()
  }

  /// Opens a new event counter (`eventfd`).
  ///
  /// - Throws: `tooManyDescriptors`; `noMemory`.
  public func openEventCounter() throws(Errno) -> Int32 {
    guard let counter = EventCounter.make() else { throw .noMemory }
    defer { counter.put() }
    return try install(.counter(counter))
  }

  /// The event counter that is open under a number, with a reference (`eventfd_ctx_fdget`).
  ///
  /// - Throws: `badDescriptor` where nothing is open; `invalidArgument` for another file.
  public func eventCounter(_ descriptor: Int32) throws(Errno) -> EventCounter {
    guard let file = find(descriptor) else { throw .badDescriptor }
    guard case .counter(let counter) = file else {
      file.put()
      throw .invalidArgument
    }
    return counter
  }

  // MARK: - For this target

  /// Opens a file under the lowest free number, with a reference of the table's own.
  func install(_ file: OpenFile) throws(Errno) -> Int32 {
    try openFile {
      file.get()
      return file
    }
  }

  /// Takes a number first, then the file that `make` has a reference to.
  func openFile(_ make: () throws(Errno) -> OpenFile) throws(Errno) -> Int32 {
    let (files, limit) = (storage.record.files, storage.record.limit)
    guard let number = try files.reserve(below: limit) else { throw .tooManyDescriptors }
    do throws(Errno) {
      // From here on anybody may close it.
      files.fill(number, with: try make().word)
    } catch {
      files.giveBack(number)
      throw error
    }
    return Int32(number)
  }

  /// The open file, with a reference.
  func find(_ descriptor: Int32) -> OpenFile? {
    storage.record.files.find(Int(descriptor)) { word in
      let file = OpenFile(word: word)
      file.get()
      return file
    }
  }

  /// The sync file that a request is for, with a reference.
  ///
  /// - Throws: `badDescriptor` where nothing is open; `wrongRequest` for another file.
  func requireSyncFile(_ descriptor: Int32) throws(Errno) -> SyncFile {
    guard let file = find(descriptor) else { throw .badDescriptor }
    guard case .syncFile(let syncFile) = file else {
      file.put()
      throw .wrongRequest
    }
    return syncFile
  }

  /// The software timeline that a request is for, opened once more.
  ///
  /// - Throws: `badDescriptor` where nothing is open; `wrongRequest` for another file.
  func requireTimeline(_ descriptor: Int32) throws(Errno) -> SoftwareTimeline {
    guard let file = find(descriptor) else { throw .badDescriptor }
    guard case .timeline(let timeline) = file else {
      file.put()
      throw .wrongRequest
    }
    return timeline
  }
}

/// What a process keeps.
private struct FileDescriptorsStorage: ~Copyable {
  let files: NumberTable
  let limit: Int

  init(files: NumberTable, limit: Int) {
    self.files = files
    self.limit = limit
  }
}
