public import Machine

/// Memory for many records of one type, which comes back to where it was taken from: the kernel's
/// `struct kmem_cache`.
///
/// With *type-safe* memory (`SLAB_TYPESAFE_BY_RCU`) a record that was freed can be another one of
/// the same type at once, at the same address: a read section keeps the memory, not the record.
/// Whoever finds a record without a reference must make sure that it still is the one it meant.
///
/// The explorer sees the list of free records as the cells it is made of, and tries both an old
/// and a new address for every allocation that has the choice.
public struct Slab<Record: ~Copyable>: Sendable {
  private let storage: Object<SlabStorage>
  private let isTypeSafe: Bool
  private let construct: @Sendable () -> Record

  /// An empty slab (`kmem_cache_create`).
  ///
  /// - Parameters:
  ///   - isTypeSafe: Whether records may be used again without a grace period. Otherwise freeing is
  ///     ``Machine/free(_:)``.
  ///   - construct: Makes a record when its memory is new, and only then: a record that comes back
  ///     is as its last user left it.
  public static func make(
    isTypeSafe: Bool, _ construct: @escaping @Sendable () -> Record
  ) -> Slab {
    let storage = Machine.allocate(SlabStorage())
    storage.record.lock.initialise(class: "slab")
    return Slab(storage: storage, isTypeSafe: isTypeSafe, construct: construct)
  }

  /// Memory for a record, constructed or used before (`kmem_cache_alloc`).
  ///
  /// - Returns: nil without memory.
  /// - Ordering: What the last user wrote before ``free(_:)`` is visible; the slab's lock orders.
  public func allocate() -> Object<Record>? {
    if let slot = reusedSlot() { return record(in: slot) }
    guard let slot = Machine.tryAllocate(SlabSlot(construct())) else { return nil }
    storage.record.lock.withLockIRQSave { storage.record.usedCount.value += 1 }
    return record(in: slot)
  }

  /// Gives a record's memory back (`kmem_cache_free`).
  ///
  /// - Progress: Never sleeps; may be called with interrupts off.
  public func free(_ record: Object<Record>) {
    let slot = slot(of: record)
    storage.record.lock.lockIRQSave()
    let isUsed = slot.record.isUsed.value
    if isUsed {
      slot.record.isUsed.value = false
      storage.record.usedCount.value -= 1
      if isTypeSafe {
        slot.record.next.value = storage.record.first.value
        storage.record.first.value = slot.machineAddress
      }
    }
    storage.record.lock.unlockIRQRestore()
    Kernel.warn(unless: isUsed, "a record of a slab was freed twice")
    if isUsed && !isTypeSafe { Machine.free(slot) }
  }

  /// Ends the slab, once no reader can look at its memory any more (`kmem_cache_destroy`).
  ///
  /// - Precondition: Every record is free. One that is not leaks, with a warning.
  public func destroy() {
    Kernel.warn(
      unless: storage.record.usedCount.value == 0, "a slab ended while records were in use")
    var next = storage.record.first.value
    while next != 0 {
      let slot = Object<SlabSlot<Record>>(machineAddress: next)
      next = slot.record.next.value
      RCU.free(slot)
    }
    RCU.free(storage)
  }

  /// A slot that was used before, unless there is none or a new one was chosen.
  private func reusedSlot() -> Object<SlabSlot<Record>>? {
    storage.record.lock.lockIRQSave()
    defer { storage.record.lock.unlockIRQRestore() }
    let first = storage.record.first.value
    guard first != 0, Machine.choose(below: 2, "new memory in spite of old") == 0 else {
      return nil
    }
    let slot = Object<SlabSlot<Record>>(machineAddress: first)
    storage.record.first.value = slot.record.next.value
    slot.record.isUsed.value = true
    storage.record.usedCount.value += 1
    return slot
  }

  private func record(in slot: Object<SlabSlot<Record>>) -> Object<Record> {
    Object<Record>(machineAddress: slot.machineAddress + SlabSlot<Record>.offsetOfRecord)
  }

  private func slot(of record: Object<Record>) -> Object<SlabSlot<Record>> {
    Object(machineAddress: record.machineAddress - SlabSlot<Record>.offsetOfRecord)
  }
}

/// What a slab knows of all its records.
struct SlabStorage: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock: the slot that was freed last, or 0.
  let first = Cell<UInt>(0)
  let usedCount = Cell<UInt32>(0)
}

/// A record and its place in the list of free ones, which lies outside the record because readers
/// may still look at that.
struct SlabSlot<Record: ~Copyable>: ~Copyable {
  // Guarded by the slab's lock:
  let next = Cell<UInt>(0)
  let isUsed = Cell<Bool>(true)
  private let record: Record

  init(_ record: consuming Record) { self.record = record }

  static var offsetOfRecord: UInt {
    let alignment = UInt(MemoryLayout<Record>.alignment)
    let header = UInt(MemoryLayout<UInt64>.size + MemoryLayout<UInt32>.size)
    return (header + alignment - 1) / alignment * alignment
  }
}
