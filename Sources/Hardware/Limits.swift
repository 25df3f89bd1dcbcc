/// The ceilings of this room, each with what it costs to raise it.
public enum Limits {
  /// Packets a ring holds; a power of two, so that positions may wrap.
  public static let ringSlotCount = 16

  /// The longest a packet may say that it runs, in nanoseconds: the 31 bits it has for that.
  public static let packetNanosecondsMax: UInt32 = 0x7FFF_FFFF
}
