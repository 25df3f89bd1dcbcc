/// Why a fence is in a reservation, and hence who waits for it (`enum dma_resv_usage`).
///
/// The order matters: who asks for one usage gets the fences of that usage and of every stronger
/// one before it.
@frozen public enum ReservationUsage: UInt, Comparable, CaseIterable, Sendable {
  /// Memory management: moves and clears; everybody waits for it, always.
  case kernel = 0
  /// Writes that readers and writers wait for without being told.
  case write = 1
  /// Reads that writers wait for without being told.
  case read = 2
  /// What nobody waits for unless told: preemption, eviction, explicit synchronisation.
  case bookkeep = 3

  /// What a new reader or writer must wait for (`dma_resv_usage_rw`).
  ///
  /// A writer waits for reads too, a reader for writes only.
  @inlinable public static func waitedFor(byWriter writes: Bool) -> ReservationUsage {
    writes ? .read : .write
  }

  /// Whether this usage is the stronger one.
  @inlinable public static func < (one: ReservationUsage, other: ReservationUsage) -> Bool {
    one.rawValue < other.rawValue
  }

  /// The usage in the low two bits of an entry.
  @inlinable init(bitsOf entry: UInt) {
    switch entry & 3 {
    case 0: self = .kernel
    case 1: self = .write
    case 2: self = .read
    default: self = .bookkeep
    }
  }
}
