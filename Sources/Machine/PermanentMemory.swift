/// Where the records of ``Machine/permanent(alignment:_:)`` stand, and how each of them began.
///
/// They share one block, so that one comparison tells whether a word is in one of them, and each
/// has its first content kept at the same distance. A conductor works on a copy of its own
/// (``PermanentCopy``): what other runs and native threads do with these records does not show in
/// its run, nor its run in theirs.
package enum PermanentMemory {
  private static let block = Block(bytes: Limits.permanentBytes)
  private static let usedBytes = Guarded(0)

  /// The first address.
  package static var base: UInt { block.base }
  /// How many bytes the block has, most of them never touched.
  package static var bytes: UInt { UInt(Limits.permanentBytes) }

  /// Moves a record here for good.
  ///
  /// - Returns: Its address.
  /// - Precondition: There is room. Modules make a few records each, and native threads one.
  static func keep(_ record: UnsafeRawPointer, bytes: Int, alignment: Int) -> UInt {
    usedBytes.withLock { used in
      let start = (used + alignment - 1) / alignment * alignment
      precondition(
        start + bytes <= Limits.permanentBytes,
        "no room for another permanent record; see Machine.Limits")
      // Safety: the distance was compared with the block's size, and nobody else has this part.
      unsafe (block.memory + start).copyMemory(from: record, byteCount: bytes)
      unsafe (block.firstContent + start).copyMemory(from: record, byteCount: bytes)
      used = start + bytes
      return block.base + UInt(start)
    }
  }

  /// Runs `body` while no thread adds a record.
  static func whileComplete<Result>(_ body: () -> Result) -> Result {
    usedBytes.withLock { _ in body() }
  }

  /// How much of the block holds records by now.
  static var used: Int { usedBytes.withLock { $0 } }

  /// Copies what stood there first; all of it lies below ``used``.
  static func copyFirstContent(
    from distance: Int, bytes: Int, to place: UnsafeMutableRawPointer
  ) {
    // Safety: within the block, as the caller promises.
    unsafe place.copyMemory(from: block.firstContent + distance, byteCount: bytes)
  }

  // Safety: made once and never given back. Its parts are written before anybody has their
  // address, `memory` only through words and cells after that, and `firstContent` not at all.
  @safe private struct Block: Sendable {
    nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    nonisolated(unsafe) let firstContent: UnsafeMutableRawPointer
    var base: UInt { unsafe UInt(bitPattern: memory) }

    init(bytes: Int) {
      unsafe memory = .allocate(byteCount: bytes, alignment: 4096)
      unsafe firstContent = .allocate(byteCount: bytes, alignment: 4096)
    }
  }
}

/// One run's copy of all permanent records, which begin with what they were made with.
///
/// - Complexity: Reading and writing is one comparison more than for other memory; making it
///   copies what modules have used so far, some tens of kilobytes.
@safe package struct PermanentCopy {
  private let base = PermanentMemory.base
  private let bytes = PermanentMemory.bytes
  // Safety: lives from `init` to `giveBack`; distances are compared with the block's size.
  private let memory: UnsafeMutableRawPointer
  /// How far the copy reaches; behind that are records that were made since.
  private var copied: UInt = 0

  package init() {
    unsafe memory = .allocate(byteCount: Limits.permanentBytes, alignment: 4096)
    copyMore()
  }

  /// Gives the memory back; the copy is not used again.
  package func giveBack() { unsafe memory.deallocate() }

  /// Where a word stands for this run: in the copy, or where its address says.
  ///
  /// - Returns: nil for address 0.
  @inline(__always)
  package mutating func place(of address: UInt) -> UnsafeMutableRawPointer? {
    let distance = address &- base
    guard distance < bytes else { return unsafe UnsafeMutableRawPointer(bitPattern: address) }
    if distance >= copied { copyMore() }
    return unsafe memory + Int(distance)
  }

  private mutating func copyMore() {
    let used = PermanentMemory.used
    // Safety: see the properties; all of it is below what is used.
    unsafe PermanentMemory.copyFirstContent(
      from: Int(copied), bytes: used - Int(copied), to: memory + Int(copied))
    copied = UInt(used)
  }
}
