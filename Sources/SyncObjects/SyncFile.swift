public import Fences
internal import Kernel
public import Machine

/// A fence as a file, so that one process can hand it to another: the kernel's `struct sync_file`.
///
/// It never changes: a file that stands for more is a new one (``merge(with:name:)``). The handle
/// is trivial; ``get()`` and ``put()`` count, as descriptors of one file do.
public struct SyncFile: MachineReference, Equatable {
  let storage: Object<SyncFileStorage>

  /// The file that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the file lives.
  public var machineAddress: UInt { storage.machineAddress }

  // MARK: - Life

  /// A file for a fence, with one reference (`sync_file_create`).
  ///
  /// - Parameter fence: The file takes a reference of its own.
  /// - Returns: nil without memory.
  public static func make(_ fence: Fence) -> SyncFile? {
    guard let file = make(owning: fence, userName: "") else { return nil }
    fence.get()
    return file
  }

  /// A file that takes over one reference to the fence, unless there is no memory.
  private static func make(owning fence: Fence, userName: String) -> SyncFile? {
    let record = SyncFileStorage(fence: fence, userName: userName.asName)
    guard let storage = Machine.tryAllocate(record) else { return nil }
    storage.record.queue.initialise(class: "sync file queue")
    storage.record.lock.initialise(class: "sync file")
    return SyncFile(machineAddress: storage.machineAddress)
  }

  /// One file for the fences of two, both of which stay as they are (`SYNC_IOC_MERGE`).
  ///
  /// Of each context only the latest fence is in it, and none that was signaled already.
  ///
  /// - Parameter name: What ``name`` will say; the kernel keeps 31 bytes of it. An empty one is
  ///   none.
  /// - Returns: nil without memory.
  public func merge(with other: SyncFile, name: String = "") -> SyncFile? {
    guard let merged = Fence.merge([fence, other.fence]) else { return nil }
    if let file = SyncFile.make(owning: merged, userName: name) { return file }
    merged.put()
    return nil
  }

  /// Takes a reference.
  @discardableResult public func get() -> SyncFile {
    storage.record.references.get()
    return self
  }

  /// Gives a reference back (`fput`); the last one ends the file.
  public func put() {
    guard storage.record.references.put() else { return }
    stopPolling()
    fence.put()
    Machine.free(storage)
  }

  // MARK: - What it stands for

  /// The fence; borrowed from the file.
  public var fence: Fence {
    guard let fence = storage.record.fence.value else {
      preconditionFailure("a sync file was used before it had a fence")
    }
    return fence
  }

  /// Tells the fence's driver by when somebody would like it signaled (`SYNC_IOC_SET_DEADLINE`).
  ///
  /// - Parameter deadline: On the machine's clock, in nanoseconds.
  public func setDeadline(_ deadline: UInt64) { fence.setDeadline(deadline) }
}

/// A sync file's memory.
struct SyncFileStorage: ~Copyable {
  let references = ReferenceCount(1)
  // Written once before publication:
  let fence: Cell<Fence?>
  let userName: String
  // On the fence's list from the first poll on:
  let callback = FenceCallback()
  /// 1 once somebody has polled (`POLL_ENABLED`).
  let isPolled = Word<UInt32>(0)
  let queue = WaitQueue()
  let lock = SpinLock()
  // Guarded by lock. Native only: the descriptor that becomes readable, or −1.
  let descriptor = Cell<Int32>(-1)

  init(fence: Fence, userName: String) {
    self.fence = Cell(fence)
    self.userName = userName
  }

  static let callback = FieldOffset<SyncFileStorage, FenceCallback> { $0.callback.address }
}
