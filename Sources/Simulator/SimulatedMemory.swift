import Machine

/// The objects of one simulation: who lives, and what has ended and must not be used.
///
/// The words themselves stand in ordinary memory; all virtual threads are coroutines of one OS
/// thread, so reading and writing them needs no atomics.
struct SimulatedMemory {
  private struct Block {
    let address: UInt
    let bytes: Int
    let alignment: Int
    let type: String
  }

  private var live: [UInt: Block] = [:]
  /// Ended objects by address, for lookups, and by age, for reuse.
  private var ended: [Block] = []
  private var endedByAge: [UInt] = []
  private var order: [UInt] = []

  /// Memory for an object.
  mutating func allocate(_ request: Allocation) -> UInt {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(request.bytes, 1), alignment: request.alignment)
    let address = UInt(bitPattern: memory)
    live[address] = Block(
      address: address, bytes: max(request.bytes, 1), alignment: request.alignment,
      type: request.type)
    order.append(address)
    return address
  }

  /// Ends an object.
  ///
  /// - Returns: What is wrong with that, if anything is.
  mutating func free(_ address: UInt) -> String? {
    guard let block = live.removeValue(forKey: address) else {
      return isFreed(address) ? "ends an object twice" : "ends what is no object"
    }
    ended.insert(block, at: firstEnded(after: address))
    endedByAge.append(address)
    if endedByAge.count > Limits.quarantineCountMax { giveBackOldest() }
    return nil
  }

  /// Whether an address lies in an object that has ended.
  func isFreed(_ address: UInt) -> Bool {
    let index = firstEnded(after: address)
    guard index > 0 else { return false }
    let block = ended[index - 1]
    return address < block.address + UInt(block.bytes)
  }

  /// The types of the objects that still live, in the order of their allocation.
  var leaks: [String] { order.compactMap { live[$0]?.type } }

  /// Gives all memory back; nothing of the run may be used any more.
  mutating func tearDown() {
    for address in order { if let block = live[address] { Self.deallocate(block) } }
    for block in ended { Self.deallocate(block) }
    self = SimulatedMemory()
  }

  private func firstEnded(after address: UInt) -> Int {
    var (low, high) = (0, ended.count)
    while low < high {
      let middle = (low + high) / 2
      if ended[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func giveBackOldest() {
    let address = endedByAge.removeFirst()
    let block = ended.remove(at: firstEnded(after: address) - 1)
    order.removeAll { $0 == address }
    Self.deallocate(block)
  }

  private static func deallocate(_ block: Block) {
    // Safety: `allocate` made this memory and it is given back once.
    unsafe UnsafeMutableRawPointer(bitPattern: block.address)?.deallocate()
  }
}

// MARK: - Words

extension SimulatedMemory {
  /// Reads a word of 4 or 8 bytes.
  static func read(_ address: UInt, _ width: UInt8) -> UInt64 {
    // Safety: the program named a word that it keeps alive; ended objects stay in quarantine.
    guard let word = unsafe UnsafeRawPointer(bitPattern: address) else {
      preconditionFailure("address 0 is no word")
    }
    return unsafe width == 4
      ? UInt64(word.load(as: UInt32.self)) : word.load(as: UInt64.self)
  }

  /// Writes a word of 4 or 8 bytes.
  static func write(_ value: UInt64, _ address: UInt, _ width: UInt8) {
    // Safety: as in `read`.
    guard let word = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
      preconditionFailure("address 0 is no word")
    }
    if width == 4 {
      unsafe word.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    } else {
      unsafe word.storeBytes(of: value, as: UInt64.self)
    }
  }
}

extension Access {
  /// What the word holds afterwards, or nil if nothing is written.
  func result(on before: UInt64) -> UInt64? {
    let bits: UInt64 = width == 4 ? 0xFFFF_FFFF : .max
    switch kind {
    case .load: return nil
    case .store, .exchange: return operand & bits
    case .compareExchange: return before == expected & bits ? operand & bits : nil
    case .add: return (before &+ operand) & bits
    case .or: return (before | operand) & bits
    case .and: return before & operand & bits
    }
  }
}
