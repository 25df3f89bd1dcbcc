internal import Fences
internal import Kernel
internal import Machine

/// The fences of a reservation: a table behind a few words (`struct dma_resv_list`).
///
/// An entry is a fence's address with its usage in the low two bits. Readers need no lock: the
/// list is replaced as a whole, or an entry of it, or the table grows at its end.
struct ReservationList: ~Copyable {
  /// Entries that readers may look at; grows under the lock.
  private let published = Word<UInt32>(0)
  // Written once before publication.
  private let slots: Cell<UInt32>
  /// How many entries the holder of the lock may come to (`max_fences`); see
  /// ``Reservation/capacity``.
  private let limit: Cell<UInt32>

  private init(slots: Int) {
    self.slots = Cell(UInt32(slots))
    limit = Cell(UInt32(slots))
  }

  /// An empty list; nil without memory.
  static func make(slots: Int) -> Object<ReservationList>? {
    Machine.tryAllocate(ReservationList(slots: slots), trailingWords: slots)
  }

  /// One entry.
  struct Entry {
    let fence: Fence
    let usage: ReservationUsage

    init(fence: Fence, usage: ReservationUsage) {
      self.fence = fence
      self.usage = usage
    }

    init?(bits: UInt) {
      guard bits & ~3 != 0 else { return nil }
      fence = Fence(machineAddress: bits & ~3)
      usage = ReservationUsage(bitsOf: bits)
    }

    var bits: UInt { fence.machineAddress | usage.rawValue }
  }

  var slotCount: Int { Int(slots.value) }

  var capacity: Int {
    get { Int(limit.value) }
    nonmutating set { limit.value = UInt32(newValue) }
  }
}

/// What is done with a list goes through its handle, because the table lies behind the record.
extension Object where Record == ReservationList {
  // MARK: - With the reservation's lock held

  /// The number of entries, for the holder of the lock.
  var count: Int { record.heldCount }

  /// An entry, for the holder of the lock.
  func entry(_ index: Int) -> ReservationList.Entry {
    // relaxed: only the holder of the lock writes it.
    let bits = trailingWord(index).record.load(.relaxed)
    guard let entry = ReservationList.Entry(bits: bits) else {
      preconditionFailure("an entry within the count is empty")
    }
    return entry
  }

  /// Writes an entry, which readers see at once where it lies within the count.
  func set(_ entry: ReservationList.Entry, at index: Int) {
    // release[reservation.entry] → dependency in ReservationCursor.read(_:). The fence is complete.
    trailingWord(index).record.store(entry.bits, .release, edge: "reservation.entry")
  }

  /// Empties an entry beyond the count.
  func clear(_ index: Int) {
    // relaxed: no reader looks there; one that does, with an old count, sees nothing.
    trailingWord(index).record.store(0, .relaxed)
  }

  /// Shows readers the entries below `count`.
  func publish(count: Int) { record.publish(count: count) }

  /// Gives every fence back and ends the list, with nobody who could take its lock any more.
  func drop() {
    for index in 0..<count { entry(index).fence.put() }
    RCU.free(self)
  }
}

extension ReservationList {
  /// The number of entries, for the holder of the lock.
  fileprivate var heldCount: Int {
    // relaxed: only the holder of the lock writes it.
    Int(published.load(.relaxed))
  }

  fileprivate func publish(count: Int) {
    // release[reservation.count] → acquire in ReservationList.readableCount. The entries below.
    published.store(UInt32(count), .release, edge: "reservation.count")
  }

  /// The number of entries, for readers without the lock.
  var readableCount: Int {
    // acquire[reservation.count] ← release in ReservationList.publish(count:). The entries below.
    Int(published.load(.acquire, edge: "reservation.count"))
  }
}
