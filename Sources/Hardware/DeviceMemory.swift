import Machine

/// The words of a device's own memory, in pages.
///
/// Engines and CPUs see them at once: a word is coherent, and what is *posted* waits in the
/// engine's ``WriteBuffer``.
struct DeviceMemory: ~Copyable {
  private let words = InlineArray<256, Word<UInt32>> { _ in Word(0) }

  init() {
    precondition(words.count == Limits.memoryWordCount, "the size of device memory is given twice")
  }

  /// Reads a word.
  ///
  /// - Ordering: Acquire. What the writer wrote before is visible. Edge `memory.word`.
  borrowing func load(_ address: UInt32) -> UInt32 {
    // acquire[memory.word] ← release in DeviceMemory.store(_:at:). A semaphore publishes what was
    // written before it.
    words[Self.index(address)].load(.acquire, edge: "memory.word")
  }

  /// Writes a word.
  ///
  /// - Ordering: Release. Edge `memory.word`.
  borrowing func store(_ value: UInt32, at address: UInt32) {
    // release[memory.word] → acquire in DeviceMemory.load(_:). As said there.
    words[Self.index(address)].store(value, .release, edge: "memory.word")
  }

  /// Loses everything, as a full reset does.
  borrowing func clear() {
    for address in 0..<UInt32(Limits.memoryWordCount) { store(0, at: address) }
  }

  private static func index(_ address: UInt32) -> Int {
    precondition(address < UInt32(Limits.memoryWordCount), "no device memory at word \(address)")
    return Int(address)
  }
}
