internal import Machine

/// The memory of one execution: where objects live, which location an address is, what was freed.
///
/// Each virtual thread allocates from a region of its own, so that an object's address is a
/// function of who allocated it and as their how-manieth, whatever the schedule. Freed memory is
/// never reused within an execution. Addresses outside the arena become locations on first touch,
/// and their content is put back when the execution ends; of the kit's permanent records the arena
/// has a copy, so that no other run of the process shows in this one.
@safe final class Arena {
  /// One allocation.
  struct Allocated {
    var address: UInt
    var bytes: Int
    var type: String
    var allocator: Int
    /// Which allocation of its thread it is, from 0.
    var ordinal: Int
    var isFreed = false
    /// Retired: a grace period will free it.
    var isRetired = false
    var hasEnded: Bool { isFreed || isRetired }
    /// Gives back what the record refers to; freed or not, it stays whole until the reset.
    var dismantle: (@Sendable (UInt) -> Void)?

    /// Who allocated it and as their how-manieth: the same in all executions.
    var name: Int32 { Int32(allocator) << 16 | Int32(ordinal) }
  }

  /// A word outside the arena, with what it held when the execution first touched it.
  private struct Foreign {
    var address: UInt
    var width: UInt8
    var bits: UInt64
  }

  static let granule: UInt = 4
  // Safety: the three regions live from `init` to `giveBack`; an index into a table is that of a
  // granule of an address that was compared with the arena's bounds.
  private let memory: UnsafeMutableRawPointer
  private let base: UInt
  private let bytes: Int
  /// Location of each granule plus one; 0 where untouched.
  private let locationOfGranule: UnsafeMutablePointer<Int32>
  private let objectOfGranule: UnsafeMutablePointer<Int32>
  private var isGivenBack = false
  private var touchedGranules: [Int32] = []
  private var used = [Int](repeating: 0, count: Limits.threadCountMax)
  private var ordinals = [Int](repeating: 0, count: Limits.threadCountMax)
  private var foreign: [Foreign] = []
  private var foreignLocations: [UInt: Int32] = [:]
  private var permanent = PermanentCopy()
  private(set) var objects: [Allocated] = []
  private(set) var locationCount = 0

  init() {
    bytes = Limits.threadCountMax * Limits.arenaBytesPerThread
    let granules = bytes / Int(Arena.granule)
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
    unsafe base = UInt(bitPattern: memory)
    unsafe locationOfGranule = UnsafeMutablePointer<Int32>.allocate(capacity: granules)
    unsafe objectOfGranule = UnsafeMutablePointer<Int32>.allocate(capacity: granules)
    unsafe locationOfGranule.initialize(repeating: 0, count: granules)
    unsafe objectOfGranule.initialize(repeating: -1, count: granules)
  }

  deinit { giveBack() }

  /// Gives the memory back; the arena is not used again.
  ///
  /// Whoever was left in the middle of an execution keeps its conductor, and with it the arena.
  func giveBack() {
    guard !isGivenBack else { return }
    isGivenBack = true
    unsafe memory.deallocate()
    unsafe locationOfGranule.deallocate()
    unsafe objectOfGranule.deallocate()
    permanent.giveBack()
  }

  // MARK: - Objects

  /// - Returns: The address, or nil where the thread's region is full.
  func allocate(_ request: Allocation, by thread: Int) -> UInt? {
    let alignment = max(request.alignment, 8)
    let start = (used[thread] + alignment - 1) / alignment * alignment
    let end = start + max(request.bytes, 8)
    guard end <= Limits.arenaBytesPerThread else { return nil }
    used[thread] = end
    let address = base + UInt(thread * Limits.arenaBytesPerThread + start)
    let index = Int32(objects.count)
    objects.append(
      Allocated(
        address: address, bytes: request.bytes, type: request.type, allocator: thread,
        ordinal: ordinals[thread], dismantle: request.dismantle))
    ordinals[thread] += 1
    let first = Int(address - base) / Int(Arena.granule)
    for granule in first..<(first + (max(request.bytes, 8) + 3) / 4) {
      unsafe objectOfGranule[granule] = index
    }
    return address
  }

  func markFreed(_ object: Int) { objects[object].isFreed = true }
  func markRetired(_ object: Int) { objects[object].isRetired = true }

  /// The object that holds this address, or -1.
  @inline(__always) func object(at address: UInt) -> Int32 {
    guard address >= base, address < base + UInt(bytes) else { return -1 }
    return unsafe objectOfGranule[Int((address - base) / Arena.granule)]
  }

  /// How far into its object an address is, 0 outside all objects.
  func offset(of address: UInt) -> UInt {
    let index = object(at: address)
    return index >= 0 ? address - objects[Int(index)].address : 0
  }

  /// How reports call what an address is in.
  func describe(_ address: UInt) -> String {
    let index = object(at: address)
    return index >= 0 ? type(of: index) : "a global word"
  }

  /// How reports call an object, or what is none.
  func type(of object: Int32) -> String {
    object >= 0 ? objects[Int(object)].type : "no object"
  }

  // MARK: - Locations

  /// The number of the location at this address, made on first touch.
  @inline(__always) func location(of address: UInt, width: UInt8) -> Int32 {
    guard address >= base, address < base + UInt(bytes) else {
      return foreignLocation(of: address, width: width)
    }
    let granule = Int((address - base) / Arena.granule)
    let known = unsafe locationOfGranule[granule]
    if known > 0 { return known - 1 }
    locationCount += 1
    unsafe locationOfGranule[granule] = Int32(locationCount)
    touchedGranules.append(Int32(granule))
    return Int32(locationCount - 1)
  }

  private func foreignLocation(of address: UInt, width: UInt8) -> Int32 {
    if let known = foreignLocations[address] { return known }
    foreign.append(Foreign(address: address, width: width, bits: read(address, width: width)))
    let location = Int32(locationCount)
    locationCount += 1
    foreignLocations[address] = location
    return location
  }

  // MARK: - Content

  /// Reads 4 or 8 bytes.
  @inline(__always) func read(_ address: UInt, width: UInt8) -> UInt64 {
    // Safety: the address is that of a word or cell, which the program keeps alive or which the
    // arena keeps mapped for the whole execution even when it was freed.
    guard let pointer = unsafe permanent.place(of: address) else { return 0 }
    return width == 4
      ? UInt64(unsafe pointer.load(as: UInt32.self)) : unsafe pointer.load(as: UInt64.self)
  }

  /// Writes 4 or 8 bytes.
  @inline(__always) func write(_ bits: UInt64, to address: UInt, width: UInt8) {
    // Safety: as for `read`.
    guard let pointer = unsafe permanent.place(of: address) else { return }
    if width == 4 {
      unsafe pointer.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
    } else {
      unsafe pointer.storeBytes(of: bits, as: UInt64.self)
    }
  }

  /// Forgets the execution: all objects, all locations, all writes to global words.
  func reset() {
    for granule in touchedGranules { unsafe locationOfGranule[Int(granule)] = 0 }
    touchedGranules.removeAll(keepingCapacity: true)
    for object in objects {
      object.dismantle?(object.address)
      let first = Int(object.address - base) / Int(Arena.granule)
      for granule in first..<(first + (max(object.bytes, 8) + 3) / 4) {
        unsafe objectOfGranule[granule] = -1
      }
    }
    objects.removeAll(keepingCapacity: true)
    for word in foreign { write(word.bits, to: word.address, width: word.width) }
    foreign.removeAll(keepingCapacity: true)
    foreignLocations.removeAll(keepingCapacity: true)
    locationCount = 0
    for thread in used.indices {
      used[thread] = 0
      ordinals[thread] = 0
    }
  }
}
