import Machine

/// The objects of one simulation: who lives, and what has ended and must not be used.
///
/// The words themselves stand in ordinary memory, or in this run's copy of the permanent records;
/// all virtual threads are coroutines of one OS thread, so reading and writing them needs no
/// atomics.
struct SimulatedMemory {
  private struct Block {
    let address: UInt
    let bytes: Int
    let type: String
    /// How many objects were made before it.
    let number: Int
    let dismantle: (@Sendable (UInt) -> Void)?
  }

  private var live: [UInt: Block] = [:]
  private var permanent = PermanentCopy()
  private var madeCount = 0
  /// The most objects that were alive at one time.
  private(set) var liveCountMax = 0
  /// Ended objects that are kept back; from `oldest` on in the order in which they ended.
  private var ended: [Block] = []
  private var oldest = 0
  /// For each page the granules that belong to ended objects, one bit each.
  private var endedGranules: [UInt: SIMD4<UInt64>] = [:]

  /// Memory for an object.
  mutating func allocate(_ request: Allocation) -> UInt {
    let bytes = max(request.bytes, 1)
    // No granule may belong to two objects.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: max(request.alignment, Self.granuleBytes))
    let address = UInt(bitPattern: memory)
    live[address] = Block(
      address: address, bytes: bytes, type: request.type, number: madeCount,
      dismantle: request.dismantle)
    madeCount += 1
    liveCountMax = max(liveCountMax, live.count)
    return address
  }

  /// Ends an object.
  ///
  /// - Returns: What is wrong with that, if anything is.
  /// - Complexity: O(size of the object).
  mutating func free(_ address: UInt) -> String? {
    guard let block = live.removeValue(forKey: address) else {
      return isFreed(address) ? "ends an object twice" : "ends what is no object"
    }
    mark(block, isEnded: true)
    if ended.count < Limits.quarantineCountMax {
      ended.append(block)
    } else {
      let leaving = ended[oldest]
      ended[oldest] = block
      oldest = (oldest + 1) % Limits.quarantineCountMax
      mark(leaving, isEnded: false)
      Self.deallocate(leaving)
    }
    return nil
  }

  /// Whether an address lies in an object that has ended.
  func isFreed(_ address: UInt) -> Bool {
    guard let granules = endedGranules[address / Self.pageBytes] else { return false }
    let granule = Int(address % Self.pageBytes) / Self.granuleBytes
    return granules[granule / 64] & 1 << (granule % 64) != 0
  }

  /// The types of the objects that still live, in the order of their allocation.
  var leaks: [String] { live.values.sorted { $0.number < $1.number }.map(\.type) }

  /// Gives all memory back; nothing of the run may be used any more.
  mutating func tearDown() {
    for block in live.values { Self.deallocate(block) }
    for block in ended { Self.deallocate(block) }
    live.removeAll()
    ended.removeAll()
    endedGranules.removeAll()
    permanent.giveBack()
  }

  // MARK: - Private

  private static let granuleBytes = 16
  /// 4 times 64 granules.
  private static let pageBytes: UInt = 4_096

  /// Notes for every granule of a block whether it can still be used.
  private mutating func mark(_ block: Block, isEnded: Bool) {
    var granule = Int(block.address) / Self.granuleBytes
    let end = (Int(block.address) + block.bytes - 1) / Self.granuleBytes
    while granule <= end {
      let page = UInt(granule / 256)
      var granules = endedGranules[page] ?? .zero
      while granule <= end, granule / 256 == Int(page) {
        let bit: UInt64 = 1 << UInt64(granule % 64)
        if isEnded {
          granules[granule % 256 / 64] |= bit
        } else {
          granules[granule % 256 / 64] &= ~bit
        }
        granule += 1
      }
      endedGranules[page] = granules == .zero ? nil : granules
    }
  }

  private static func deallocate(_ block: Block) {
    block.dismantle?(block.address)
    // Safety: `allocate` made this memory and it is given back once.
    unsafe UnsafeMutableRawPointer(bitPattern: block.address)?.deallocate()
  }
}

// MARK: - Words

extension SimulatedMemory {
  /// Reads a word of 4 or 8 bytes.
  mutating func read(_ address: UInt, _ width: UInt8) -> UInt64 {
    // Safety: the program named a word that it keeps alive; ended objects stay in quarantine.
    guard let word = unsafe permanent.place(of: address) else {
      preconditionFailure("address 0 is no word")
    }
    return unsafe width == 4
      ? UInt64(word.load(as: UInt32.self)) : word.load(as: UInt64.self)
  }

  /// Writes a word of 4 or 8 bytes.
  mutating func write(_ value: UInt64, _ address: UInt, _ width: UInt8) {
    // Safety: as in `read`.
    guard let word = unsafe permanent.place(of: address) else {
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
