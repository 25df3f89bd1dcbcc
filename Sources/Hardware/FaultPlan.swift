import Machine

/// Something that a device can get wrong about one packet.
public enum Fault: UInt8, Sendable, Hashable, CaseIterable {
  /// The packet ends and nobody is told.
  case lostInterrupt
  /// The interrupt comes long after the packet's end.
  case lateInterrupt
  /// An interrupt comes before the packet has ended.
  case spuriousInterrupt
  /// The interrupt overtakes the seqno, which nothing announces afterwards.
  case lateWriteBack
  /// The packet never begins, and the engine does nothing until it is reset.
  case hang
  /// The packet's first half is done, then as for `hang`.
  case partialCompletion
}

/// Which packets a device gets wrong, and how.
///
/// Nothing here keeps state, so the same plan strikes the same packets in every run.
public struct FaultPlan: Sendable {
  private enum Choice: Sendable {
    case none
    case exactly(Fault, packet: UInt32)
    case seeded(UInt64, oneIn: UInt64, Set<Fault>)
    case explored(Set<Fault>)
  }

  private let choice: Choice

  /// Nothing goes wrong, and asking costs no step of the machine.
  public static var none: FaultPlan { FaultPlan(choice: .none) }

  /// One packet, by its place among the engine's packets, the first one being 0.
  public static func exactly(_ fault: Fault, packet: UInt32) -> FaultPlan {
    FaultPlan(choice: .exactly(fault, packet: packet))
  }

  /// Each of these faults strikes about one packet in `rarity`, decided by the seed alone.
  public static func seeded(
    _ seed: UInt64, oneIn rarity: UInt64, of faults: Set<Fault> = Set(Fault.allCases)
  ) -> FaultPlan {
    precondition(rarity > 0, "one in nothing is no rarity")
    return FaultPlan(choice: .seeded(seed, oneIn: rarity, faults))
  }

  /// Every packet may suffer each of these; explored runs try all, others none.
  public static func explored(_ faults: Set<Fault>) -> FaultPlan {
    FaultPlan(choice: .explored(faults))
  }

  /// Whether a fault strikes a packet.
  func strikes(_ fault: Fault, packet: UInt32) -> Bool {
    switch choice {
    case .none: false
    case .exactly(let chosen, let number): chosen == fault && number == packet
    case .seeded(let seed, let rarity, let faults):
      faults.contains(fault)
        && Self.mixed(seed ^ UInt64(packet) << 8 ^ UInt64(fault.rawValue)) % rarity == 0
    case .explored(let faults):
      faults.contains(fault) && Machine.choose(below: 2, "a fault of the device") == 1
    }
  }

  /// Spreads a number over all 64 bits (the finaliser of SplitMix64).
  private static func mixed(_ number: UInt64) -> UInt64 {
    var bits = number &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
