public import Kernel
public import Machine

/// The sync objects of one open device, numbered from 1, and what a process can ask for.
///
/// The part of the kernel's `struct drm_file` that has to do with sync objects.
/// Arguments are numbers that a process can fill with anything, and every one is checked.
public struct SyncObjectHandles: MachineReference, Equatable {
  let storage: Object<SyncObjectHandlesStorage>

  /// The table that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the table lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// What a driver has.
  @frozen public struct Features: OptionSet, Hashable, Sendable {
    /// A set of bits.
    public let rawValue: UInt32

    /// Makes a set of its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Sync objects at all (`DRIVER_SYNCOBJ`).
    public static let objects = Features(rawValue: 1)
    /// Points on them (`DRIVER_SYNCOBJ_TIMELINE`).
    public static let timelines = Features(rawValue: 2)
  }

  // MARK: - Life

  /// A table without objects (`drm_syncobj_open`).
  public static func make(features: Features = [.objects, .timelines]) -> SyncObjectHandles {
    let record = SyncObjectHandlesStorage(objects: .make(), features: features)
    return SyncObjectHandles(machineAddress: Machine.allocate(record).machineAddress)
  }

  /// Gives every object back and ends the table (`drm_syncobj_release`).
  ///
  /// - Precondition: Nobody else uses the table any more.
  public func destroy() {
    storage.record.objects.destroy { SyncObject(machineAddress: $0).put() }
    Machine.free(storage)
  }

  // MARK: - For drivers

  /// The object with this handle, with a reference (`drm_syncobj_find`).
  public func object(_ handle: UInt32) -> SyncObject? {
    storage.record.objects.find(Int(handle) - 1) { SyncObject(machineAddress: $0).get() }
  }

  /// The lowest free handle, now the object's (`drm_syncobj_get_handle`).
  ///
  /// - Parameter object: The table takes a reference of its own.
  /// - Throws: `noMemory`; `noSpace`.
  public func handle(for object: SyncObject) throws(Errno) -> UInt32 {
    let limit = Int(Int32.max)
    object.get()
    do throws(Errno) {
      let number = try storage.record.objects.insert(object.machineAddress, below: limit)
      if let number { return UInt32(number) + 1 }
    } catch {
      object.put()
      throw error
    }
    object.put()
    throw .noSpace
  }

  // MARK: - Handles

  /// A handle for a new object (`DRM_IOCTL_SYNCOBJ_CREATE`).
  ///
  /// - Parameter flags: 1 for one that is signaled already (`DRM_SYNCOBJ_CREATE_SIGNALED`).
  /// - Throws: `notSupported`; `invalidArgument` for any other flag; `noMemory`.
  public func create(flags: UInt32 = 0) throws(Errno) -> UInt32 {
    try require(.objects)
    guard flags & ~1 == 0 else { throw .invalidArgument }
    guard let object = SyncObject.make(isSignaled: flags & 1 != 0) else { throw .noMemory }
    defer { object.put() }
    return try handle(for: object)
  }

  /// Gives a handle back (`DRM_IOCTL_SYNCOBJ_DESTROY`).
  ///
  /// - Throws: `notSupported`; `invalidArgument` for a reserved field that is not 0, and for an
  ///   unknown handle.
  public func destroy(_ handle: UInt32, pad: UInt32 = 0) throws(Errno) {
    try require(.objects)
    guard pad == 0, let word = storage.record.objects.remove(Int(handle) - 1) else {
      throw .invalidArgument
    }
    SyncObject(machineAddress: word).put()
  }

  // MARK: - For this target

  func require(_ feature: Features) throws(Errno) {
    guard storage.record.features.contains(feature) else { throw .notSupported }
  }

  /// Runs `body` with an object.
  ///
  /// - Throws: `noEntry` for an unknown handle.
  func withObject<Result>(
    _ handle: UInt32, _ body: (SyncObject) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    guard let object = object(handle) else { throw .noEntry }
    defer { object.put() }
    return try body(object)
  }

  /// Runs `body` with several objects (`drm_syncobj_array_find`).
  ///
  /// - Throws: `noEntry` for an unknown handle; then `body` does not run.
  func withObjects<Result>(
    _ handles: [UInt32], _ body: ([SyncObject]) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    var objects: [SyncObject] = []
    defer { for object in objects { object.put() } }
    for handle in handles {
      guard let object = object(handle) else { throw .noEntry }
      objects.append(object)
    }
    return try body(objects)
  }
}

/// What a device file keeps.
struct SyncObjectHandlesStorage: ~Copyable {
  let objects: NumberTable
  let features: SyncObjectHandles.Features

  init(objects: NumberTable, features: SyncObjectHandles.Features) {
    self.objects = objects
    self.features = features
  }
}
