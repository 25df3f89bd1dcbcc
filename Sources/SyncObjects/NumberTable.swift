internal import Kernel
internal import Machine

/// Small numbers that stand for objects: what a table of descriptors and an `idr` are.
///
/// A slot holds one word that is neither 0 nor 1. The lowest free number is given out.
struct NumberTable: MachineReference, Equatable {
  private let storage: Object<NumberTableStorage>

  init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  var machineAddress: UInt { storage.machineAddress }

  static func make() -> NumberTable {
    let storage = Machine.allocate(NumberTableStorage())
    storage.record.lock.initialise(class: "number table")
    return NumberTable(machineAddress: storage.machineAddress)
  }

  /// Stores a word under the lowest free number.
  ///
  /// - Parameter limit: No number is as high.
  /// - Returns: nil where the limit is reached.
  /// - Throws: `noMemory`.
  func insert(_ word: UInt, below limit: Int) throws(Errno) -> Int? {
    while true {
      storage.record.lock.lock()
      let free = lowestFree()
      if let free, free < limit { slots?.trailingWord(free).record.storeSlot(word) }
      let count = slotCount
      storage.record.lock.unlock()
      if let free { return free < limit ? free : nil }
      if count >= limit { return nil }
      try grow(from: count)
    }
  }

  /// Takes the lowest free number, under which nothing is found before ``fill(_:with:)``
  /// (`get_unused_fd_flags`).
  ///
  /// - Returns: nil where the limit is reached.
  /// - Throws: `noMemory`.
  func reserve(below limit: Int) throws(Errno) -> Int? {
    try insert(Word<UInt>.reserved, below: limit)
  }

  /// Stores a word under a number that was reserved (`fd_install`).
  func fill(_ number: Int, with word: UInt) {
    storage.record.lock.lock()
    slot(number)?.record.storeSlot(word)
    storage.record.lock.unlock()
  }

  /// Gives a number that was reserved back (`put_unused_fd`).
  func giveBack(_ number: Int) { fill(number, with: 0) }

  /// Hands the word under a number to `take`, which can take a reference because nobody removes
  /// the number meanwhile.
  ///
  /// - Returns: nil where nothing has the number.
  func find<Found>(_ number: Int, _ take: (UInt) -> Found?) -> Found? {
    storage.record.lock.lock()
    defer { storage.record.lock.unlock() }
    return slot(number).flatMap { $0.record.stored }.flatMap(take)
  }

  /// Takes the word under a number out; nil where nothing has it.
  func remove(_ number: Int) -> UInt? {
    storage.record.lock.lock()
    defer { storage.record.lock.unlock() }
    guard let slot = slot(number), let word = slot.record.stored else { return nil }
    slot.record.storeSlot(0)
    return word
  }

  /// Ends the table and hands over what was in it.
  func destroy(_ body: (UInt) -> Void) {
    for number in 0..<slotCount {
      if let word = slot(number)?.record.stored { body(word) }
    }
    if let slots { Machine.free(slots) }
    Machine.free(storage)
  }

  // MARK: - With the lock held

  private var slots: Object<NumberSlots>? { storage.record.slots.value }

  private var slotCount: Int { storage.record.slotCount.value }

  private func slot(_ number: Int) -> Object<Word<UInt>>? {
    guard number >= 0, number < slotCount else { return nil }
    return slots?.trailingWord(number)
  }

  private func lowestFree() -> Int? {
    (0..<slotCount).first { slot($0)?.record.slot == nil }
  }

  // MARK: - Growing

  /// Doubles the slots, unless somebody else did meanwhile.
  private func grow(from count: Int) throws(Errno) {
    let wanted = max(Limits.firstSlotCount, 2 * count)
    guard let new = Machine.tryAllocate(NumberSlots(), trailingWords: wanted) else {
      throw .noMemory
    }
    storage.record.lock.lock()
    let isStillFull = slotCount == count
    let old = slots
    if isStillFull {
      for number in 0..<count {
        new.trailingWord(number).record.storeSlot(slot(number)?.record.slot ?? 0)
      }
      storage.record.slots.value = new
      storage.record.slotCount.value = wanted
    }
    storage.record.lock.unlock()
    if !isStillFull { return Machine.free(new) }
    if let old { Machine.free(old) }
  }
}

/// What a table keeps.
private struct NumberTableStorage: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock:
  let slots = Cell<Object<NumberSlots>?>(nil)
  let slotCount = Cell<Int>(0)
}

/// The slots lie behind it.
private struct NumberSlots: ~Copyable {
  let unused = Cell<UInt>(0)
}

extension Word<UInt> {
  /// Marks a slot whose number is taken and whose word has not come yet; no object's address.
  fileprivate static var reserved: UInt { 1 }

  /// What is stored in a slot; nil where it is free or reserved.
  fileprivate var stored: UInt? { slot.flatMap { $0 == Self.reserved ? nil : $0 } }

  /// What a slot holds; nil where it is free.
  fileprivate var slot: UInt? {
    // relaxed: the table's lock orders.
    let word = load(.relaxed)
    return word == 0 ? nil : word
  }

  fileprivate func storeSlot(_ word: UInt) {
    // relaxed: the table's lock orders.
    store(word, .relaxed)
  }
}
