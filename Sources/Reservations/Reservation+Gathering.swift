public import Fences
public import Kernel
internal import Machine

extension Reservation {
  /// The fences that are not over, each with a reference of the caller's, without the lock
  /// (`dma_resv_get_fences`).
  ///
  /// - Throws: `noMemory`; then no reference is left behind.
  public func fences(upTo usage: ReservationUsage) throws(Errno) -> [Fence] {
    var fences: [Fence] = []
    var cursor = ReservationCursor(self, upTo: usage)
    while let fence = cursor.next() {
      if cursor.isRestarted {
        giveBack(&fences)
        if Machine.choose(below: 2, "allocation fails") == 1 {
          cursor.end()
          throw .noMemory
        }
      }
      fences.append(fence.get())
    }
    // The walk may have begun anew and found nothing.
    if cursor.isRestarted { giveBack(&fences) }
    cursor.end()
    return fences
  }

  /// One fence for all that are not over (`dma_resv_get_singleton`).
  ///
  /// It must not be added to a reservation again, because it may be an array.
  ///
  /// - Returns: The fence where one is pending, an array where several are, nil where none is;
  ///   with a reference of the caller's.
  /// - Throws: `noMemory`; then no reference is left behind.
  public func singleton(upTo usage: ReservationUsage) throws(Errno) -> Fence? {
    var fences = try fences(upTo: usage)
    guard fences.count > 1 else { return fences.first }
    if let array = FenceArray.make(fences, context: FenceContext.allocate(), seqno: 1) {
      return array.fence
    }
    giveBack(&fences)
    throw .noMemory
  }

  private func giveBack(_ fences: inout [Fence]) {
    for fence in fences { fence.put() }
    fences.removeAll(keepingCapacity: true)
  }

  /// Takes over the fences of another reservation that are not over, in place of one's own
  /// (`dma_resv_copy_fences`).
  ///
  /// - Parameter source: Its lock is not needed.
  /// - Precondition: The caller holds the lock of this reservation.
  /// - Throws: `noMemory`; then nothing has changed.
  public func copyFences(from source: Reservation) throws(Errno) {
    assertHeld()
    let new = try source.copiedList()
    let old = heldList
    RCU.assign(new, to: storage.record.list)
    old?.drop()
  }

  /// A list of what is not over, which nobody else can see.
  private func copiedList() throws(Errno) -> Object<ReservationList>? {
    var list: Object<ReservationList>?
    var cursor = ReservationCursor(self, upTo: .bookkeep)
    while let fence = cursor.next() {
      if cursor.isRestarted {
        list?.drop()
        list = ReservationList.make(slots: cursor.fenceCount)
      }
      guard let list else {
        cursor.end()
        throw .noMemory
      }
      let count = list.count
      list.set(ReservationList.Entry(fence: fence.get(), usage: cursor.fenceUsage), at: count)
      list.publish(count: count + 1)
    }
    // The walk may have begun anew and found nothing.
    if cursor.isRestarted {
      list?.drop()
      list = nil
    }
    cursor.end()
    return list
  }
}
