public import Machine

/// What the driver writes into a ring for an engine to do: one 64-bit word.
///
/// Addresses count 32-bit words of the engine's address space and fit 24 bits.
@frozen public enum CommandPacket: Sendable, Hashable {
  /// Compute for a while, then write `seqno` back and raise the interrupt: a whole job.
  case execute(seqno: UInt32, nanoseconds: UInt32)
  /// Stop the engine; nothing after this is read.
  case halt
  /// Write one word.
  case write(address: UInt32, value: UInt32)
  /// Copy words, the first one first.
  case copy(from: UInt32, to: UInt32, count: UInt8)
  /// Compute for a while.
  case compute(nanoseconds: UInt32)
  /// Wait until the word is at least `value`, by the sign of the distance.
  case waitSemaphore(address: UInt32, value: UInt32)
  /// Write the word and tell whoever waits for a semaphore of this device.
  case signalSemaphore(address: UInt32, value: UInt32)
  /// Write the low half of the device's clock, in nanoseconds.
  case timestamp(address: UInt32)
  /// Make posted writes visible before anything that follows.
  case flushWrites
  /// Forget all translations, so that unmapped pages cannot be reached any more.
  case flushTranslations
  /// Write the seqno back.
  case writeSeqno(UInt32)
  /// Raise the interrupt.
  case interrupt
}

extension CommandPacket: MachineValue {
  // A whole job: bits 0 ... 31 seqno, 32 ... 62 nanoseconds, bit 63 clear. Everything else:
  // bit 63 set, 56 ... 62 the code, 0 ... 55 the operands.

  /// Reads a packet out of its word.
  public init(machineBits bits: UInt64) {
    let low = UInt32(truncatingIfNeeded: bits)
    let high = UInt32(truncatingIfNeeded: bits >> 32)
    let address = high & Self.addressMask
    guard bits >> 63 == 1 else {
      self = .execute(seqno: low, nanoseconds: high)
      return
    }
    switch (bits >> 56) & 0x7F {
    case 1: self = .write(address: address, value: low)
    case 2:
      self = .copy(
        from: low & Self.addressMask, to: UInt32(truncatingIfNeeded: bits >> 24) & Self.addressMask,
        count: UInt8(truncatingIfNeeded: bits >> 48))
    case 3: self = .compute(nanoseconds: low)
    case 4: self = .waitSemaphore(address: address, value: low)
    case 5: self = .signalSemaphore(address: address, value: low)
    case 6: self = .timestamp(address: address)
    case 7: self = .flushWrites
    case 8: self = .flushTranslations
    case 9: self = .writeSeqno(low)
    case 10: self = .interrupt
    // An engine stops at what it cannot read.
    default: self = .halt
    }
  }

  /// The word that stands for the packet.
  public var machineBits: UInt64 {
    switch self {
    case .execute(let seqno, let nanoseconds):
      precondition(
        nanoseconds <= Limits.packetNanosecondsMax, "a packet cannot run \(nanoseconds) ns")
      return UInt64(seqno) | UInt64(nanoseconds) << 32
    case .halt: return Self.word(0)
    case .write(let address, let value): return Self.word(1, address, value)
    case .copy(let source, let target, let count):
      precondition(max(source, target) <= Self.addressMask, "an address has 24 bits")
      return Self.word(2) | UInt64(source) | UInt64(target) << 24 | UInt64(count) << 48
    case .compute(let nanoseconds): return Self.word(3, 0, nanoseconds)
    case .waitSemaphore(let address, let value): return Self.word(4, address, value)
    case .signalSemaphore(let address, let value): return Self.word(5, address, value)
    case .timestamp(let address): return Self.word(6, address)
    case .flushWrites: return Self.word(7)
    case .flushTranslations: return Self.word(8)
    case .writeSeqno(let seqno): return Self.word(9, 0, seqno)
    case .interrupt: return Self.word(10)
    }
  }

  private static var addressMask: UInt32 { 0xFF_FFFF }

  private static func word(_ code: UInt64, _ address: UInt32 = 0, _ value: UInt32 = 0) -> UInt64 {
    precondition(address <= addressMask, "an address has 24 bits")
    return 1 << 63 | code << 56 | UInt64(address) << 32 | UInt64(value)
  }
}
