/// The ceilings of this room, each with what it costs to raise it.
public enum Limits {
  /// Packets a ring holds; a power of two, so that positions may wrap.
  public static let ringSlotCount = 16

  /// The longest a packet may say that it runs, in nanoseconds: the 31 bits it has for that.
  public static let packetNanosecondsMax: UInt32 = 0x7FFF_FFFF

  /// Words of device memory; a full reset writes each one.
  public static let memoryWordCount = 256

  /// Words of a page.
  public static let pageWordCount = 16

  /// Pages of device memory, and of an address space.
  public static let pageCount = memoryWordCount / pageWordCount

  /// Translations an engine remembers; more would hide fewer page table walks from the learner.
  public static let translationCount = 4

  /// Posted writes on their way; explored runs try every order of them.
  public static let postedWriteCount = 4

  /// How late a late interrupt or write-back is: ten ticks of a driver's watchdog.
  public static let lateNanoseconds: UInt64 = 10_000_000

  /// Sources of an interrupt controller.
  public static let interruptSourceCount = 8
}
