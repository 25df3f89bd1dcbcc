public import Fences
internal import Kernel
internal import Machine

/// A walk over a reservation's fences without its lock (`struct dma_resv_iter` with
/// `dma_resv_for_each_fence_unlocked`).
///
/// The walk begins again where the list was exchanged meanwhile or a fence lost its last
/// reference; then ``isRestarted`` is true, and what was gathered so far must be thrown away. A
/// fence that takes another one's place is no reason to begin again, so a fence can come twice.
/// Fences that are over are passed by, which asks their drivers.
///
/// The fence that ``next()`` returned is the cursor's: its reference is given back at the next
/// step, or when the cursor ends.
///
/// - Progress: Never blocks, never allocates. Each new beginning is the work of a writer.
public struct ReservationCursor: ~Copyable {
  private let reservation: Reservation
  private let usage: ReservationUsage
  private var list: Object<ReservationList>?
  private var current: Fence?
  private var index = 0
  private var hasBegun = false

  /// Whether the latest fence is the first one after a beginning.
  public private(set) var isRestarted = false
  /// The usage of the latest fence.
  public private(set) var fenceUsage = ReservationUsage.kernel
  /// Entries of the list, the ones that are over included.
  public private(set) var fenceCount = 0

  /// A walk over the fences of this usage and the stronger ones (`dma_resv_iter_begin`).
  public init(_ reservation: Reservation, upTo usage: ReservationUsage) {
    self.reservation = reservation
    self.usage = usage
  }

  deinit { current?.put() }

  /// The next fence, or nil at the end (`dma_resv_iter_next_unlocked`).
  public mutating func next() -> Fence? {
    RCU.readLock()
    var begins = !hasBegun || readList() != list
    hasBegun = true
    isRestarted = false
    repeat {
      if begins { begin() }
      walk()
      begins = true
    } while readList() != list
    RCU.readUnlock()
    return current
  }

  /// Ends the walk and gives the latest fence back (`dma_resv_iter_end`).
  public consuming func end() {}

  /// Forgets which list the walk is on, as if it had been exchanged.
  ///
  /// For the kit's own tests: the kernel's suite for reservations writes a wrong address into the
  /// cursor, so that the walk begins again. A walk that means it exchanges the list.
  package mutating func forgetList() { list = nil }

  // MARK: - In a read section

  private func readList() -> Object<ReservationList>? {
    RCU.dereference(reservation.storage.record.list)
  }

  private mutating func begin() {
    index = 0
    list = readList()
    fenceCount = list?.record.readableCount ?? 0
    isRestarted = true
  }

  /// Goes to the next fence that counts.
  private mutating func walk() {
    while true {
      current?.put()
      current = nil
      guard let list, index < fenceCount else { return }
      let entry = read(list.trailingWord(index))
      index += 1
      guard let entry, entry.fence.getUnlessZero() != nil else {
        begin()
        continue
      }
      current = entry.fence
      fenceUsage = entry.usage
      if !entry.fence.isSignaled() && entry.usage <= usage { return }
    }
  }

  private func read(_ word: Object<Word<UInt>>) -> ReservationList.Entry? {
    // dependency[reservation.entry] ← release in Object.set(_:at:). Of the address: the fence
    // is complete.
    ReservationList.Entry(bits: word.record.load(.dependency, edge: "reservation.entry"))
  }
}
