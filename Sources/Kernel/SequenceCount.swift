public import Machine

/// A number that tells readers whether a writer was at work meanwhile: the kernel's `seqcount_t`.
///
/// Readers never wait for long and never write; they read again where a writer came between.
/// Writers must exclude each other by other means, and must not be preempted by a reader of their
/// own CPU. What it guards are words: reader and writer may touch them at the same time.
@frozen public struct SequenceCount: ~Copyable {
  // Odd while a writer is at work.
  @usableFromInline let word: Word<UInt32>

  /// A count that nobody else can see yet (`seqcount_init`).
  @inlinable public init() { word = Word(0) }

  /// Waits, running, until no writer is at work (`read_seqcount_begin`).
  ///
  /// - Returns: What ``mustRetry(_:)`` wants to know.
  /// - Ordering: What the last writer wrote is visible. Edge `seqcount.end`.
  @inlinable public func readBegin() -> UInt32 {
    // acquire[seqcount.end] ← release in SequenceCount.writeEnd(). Sees a whole write.
    let even = Condition(
      address: word.address, width: 4, mask: 1, value: 0, mustBeEqual: true, ordering: .acquire,
      edge: "seqcount.end")
    return UInt32(truncatingIfNeeded: Machine.spin(until: even))
  }

  /// Whether what was read since ``readBegin()`` may be torn (`read_seqcount_retry`).
  ///
  /// - Ordering: What was read was read before the answer. Edge `seqcount.begin`.
  @inlinable public func mustRetry(_ begun: UInt32) -> Bool {
    // read[seqcount.begin] ← write in SequenceCount.writeBegin(). Whoever saw anything of a write
    // sees that it had begun.
    Machine.barrier(.read, edge: "seqcount.begin")
    // relaxed: the barrier above orders.
    return word.load(.relaxed) != begun
  }

  /// Says that a write begins (`write_seqcount_begin`).
  ///
  /// - Precondition: No other writer is at work.
  @inlinable public func writeBegin() {
    // relaxed: only the writer writes it; the barrier below orders.
    word.store(word.load(.relaxed) &+ 1, .relaxed)
    // write[seqcount.begin] → read in SequenceCount.mustRetry(_:). The odd number before the data.
    Machine.barrier(.write, edge: "seqcount.begin")
  }

  /// Says that the write is whole (`write_seqcount_end`).
  @inlinable public func writeEnd() {
    // relaxed: only the writer writes it.
    let odd = word.load(.relaxed)
    // release[seqcount.end] → acquire in SequenceCount.readBegin(). The data before the number.
    word.store(odd &+ 1, .release, edge: "seqcount.end")
  }
}
