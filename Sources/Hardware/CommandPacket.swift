public import Machine

/// What the driver writes into a ring for an engine to do: one 64-bit word.
@frozen public enum CommandPacket: Sendable, Hashable {
  /// Compute for a while, then write `seqno` back and raise the interrupt.
  case execute(seqno: UInt32, nanoseconds: UInt32)
  /// Stop the engine; nothing after this is read.
  case halt
}

extension CommandPacket: MachineValue {
  // Bits 0 ... 31 seqno, 32 ... 62 nanoseconds, 63 halt.

  /// Reads a packet out of its word.
  public init(machineBits bits: UInt64) {
    if bits >> 63 == 1 {
      self = .halt
    } else {
      self = .execute(
        seqno: UInt32(truncatingIfNeeded: bits), nanoseconds: UInt32(truncatingIfNeeded: bits >> 32)
      )
    }
  }

  /// The word that stands for the packet.
  public var machineBits: UInt64 {
    switch self {
    case .execute(let seqno, let nanoseconds):
      precondition(
        nanoseconds <= Limits.packetNanosecondsMax, "a packet cannot run \(nanoseconds) ns")
      return UInt64(seqno) | UInt64(nanoseconds) << 32
    case .halt: return 1 << 63
    }
  }
}
