public import Fences
public import Kernel
internal import Machine

extension Reservation {
  /// Makes room for fences, so that adding them cannot fail (`dma_resv_reserve_fences`).
  ///
  /// The room is lost when the lock is given back. Where the list has to grow, fences that are
  /// over are left out, which asks their drivers. There may be more room afterwards than was asked
  /// for; see ``capacity``.
  ///
  /// - Precondition: The caller holds the lock.
  /// - Throws: `invalidArgument` for no slot at all; `noMemory`.
  public func reserve(_ slots: Int) throws(Errno) {
    assertHeld()
    guard slots > 0 else {
      Kernel.warn("no slot at all was asked for")
      throw .invalidArgument
    }
    let old = heldList
    let used = old?.count ?? 0
    let room = old?.record.slotCount ?? 0
    if let old, used + slots <= room {
      old.record.capacity = room
      return
    }
    let wanted = old == nil ? firstSize(slots) : max(used + slots, 2 * room)
    guard let new = ReservationList.make(slots: wanted) else { throw .noMemory }
    grow(old, into: new)
  }

  /// How many entries there may be before ``add(_:_:)`` traps (`max_fences`).
  ///
  /// The first list has four slots or the next power of two, a longer one at least twice as many as
  /// the one before. Giving the lock back cuts the number down to the entries that there are, as in
  /// a kernel that is built for debugging, so that whoever forgets to reserve is found.
  ///
  /// - Precondition: The caller holds the lock.
  public var capacity: Int {
    assertHeld()
    return heldList?.record.capacity ?? 0
  }

  /// Adds a fence (`dma_resv_add_fence`).
  ///
  /// It takes the place of the first entry that is over, or of an earlier fence of the same
  /// context, unless that would weaken the usage. It takes a reference of its own.
  ///
  /// Warns about an array or a chain: whoever walks over the entries expects plain fences.
  ///
  /// - Precondition: The caller holds the lock and has reserved a slot; beyond the ``capacity`` it
  ///   traps.
  public func add(_ fence: Fence, _ usage: ReservationUsage) {
    assertHeld()
    Kernel.warn(
      unless: !fence.isContainer, "an array or a chain was added to a reservation; unwrap it")
    guard let list = heldList else { return complainAboutRoom() }
    let new = ReservationList.Entry(fence: fence, usage: usage)
    let count = list.count
    for index in 0..<count {
      let old = list.entry(index)
      guard old.givesWay(to: new) else { continue }
      list.set(ReservationList.Entry(fence: fence.get(), usage: usage), at: index)
      old.fence.put()
      return
    }
    guard count < list.record.capacity else { return complainAboutRoom() }
    list.set(ReservationList.Entry(fence: fence.get(), usage: usage), at: count)
    list.publish(count: count + 1)
  }

  /// Puts a fence in the place of every fence of a context (`dma_resv_replace_fences`).
  ///
  /// It is right only where the earlier work no longer touches the buffer once the new fence is
  /// signaled.
  ///
  /// - Precondition: The caller holds the lock.
  public func replaceFences(
    of context: UInt64, with fence: Fence, _ usage: ReservationUsage
  ) {
    assertHeld()
    guard let list = heldList else { return }
    for index in 0..<list.count {
      let old = list.entry(index)
      guard old.fence.context == context else { continue }
      list.set(ReservationList.Entry(fence: fence.get(), usage: usage), at: index)
      old.fence.put()
    }
  }

  /// Four, or the next power of two.
  private func firstSize(_ slots: Int) -> Int {
    var size = Limits.firstSlotCount
    while size < slots { size *= 2 }
    return size
  }

  /// Moves what is not over to a larger list and publishes that.
  private func grow(_ old: Object<ReservationList>?, into new: Object<ReservationList>) {
    var kept = 0
    // What is over goes to the far end until no reader can come to it by the new list.
    let end = new.record.slotCount
    var over = end
    for index in 0..<(old?.count ?? 0) {
      guard let entry = old?.entry(index) else { break }
      if entry.fence.isSignaled() {
        over -= 1
        new.set(entry, at: over)
      } else {
        new.set(entry, at: kept)
        kept += 1
      }
    }
    new.publish(count: kept)
    RCU.assign(new, to: storage.record.list)
    guard let old else { return }
    for index in over..<end {
      let fence = new.entry(index).fence
      new.clear(index)
      fence.put()
    }
    RCU.free(old)
  }

  private func complainAboutRoom() {
    Machine.expect(false, "a fence was added to a reservation without a reserved slot")
  }
}

extension ReservationList.Entry {
  /// Whether another entry may take this one's place.
  fileprivate func givesWay(to new: ReservationList.Entry) -> Bool {
    let isEarlier =
      fence.context == new.fence.context && usage >= new.usage
      && new.fence.isLaterOrSame(as: fence)
    return isEarlier || fence.isSignaled()
  }
}
