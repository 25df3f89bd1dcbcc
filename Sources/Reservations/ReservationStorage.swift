internal import Kernel
internal import Machine

/// A reservation's memory, to embed in a record of one's own (`struct dma_resv`).
///
/// What is done with it is done through the handle, ``Reservation``.
public struct ReservationStorage: ~Copyable {
  // RCU: replaced by the holder of the lock. First, so that its address is the reservation's.
  let list: Word<Object<ReservationList>?>
  let lock: WoundWaitMutex

  /// Zeroed memory, in which a reservation is initialised once it has its place.
  public init() {
    list = Word(nil)
    lock = WoundWaitMutex()
  }

  /// Where the reservation lives.
  public var address: UInt { list.address }
}
