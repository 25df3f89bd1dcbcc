public import Fences
internal import Machine

/// A walk over a reservation's fences by the holder of its lock (`dma_resv_for_each_fence`).
///
/// Fences that are over come too. No reference is taken: the lock keeps the fences.
///
/// - Progress: Never blocks, never allocates.
public struct LockedFences: Sequence, IteratorProtocol {
  private let reservation: Reservation
  private let usage: ReservationUsage
  private var index = 0
  private var hasBegun = false

  init(_ reservation: Reservation, upTo usage: ReservationUsage) {
    self.reservation = reservation
    self.usage = usage
  }

  /// Whether the latest fence is the first one that the walk came to, as it is for a
  /// ``ReservationCursor``.
  public private(set) var isRestarted = false

  /// The next fence with its usage, or nil at the end.
  public mutating func next() -> (fence: Fence, usage: ReservationUsage)? {
    isRestarted = !hasBegun
    hasBegun = true
    guard let list = reservation.heldList else { return nil }
    while index < list.count {
      let entry = list.entry(index)
      index += 1
      if entry.usage <= usage { return (entry.fence, entry.usage) }
    }
    return nil
  }
}

extension Reservation {
  /// The fences of this usage and the stronger ones, for the holder of the lock.
  public func lockedFences(upTo usage: ReservationUsage) -> LockedFences {
    assertHeld()
    return LockedFences(self, upTo: usage)
  }

  /// Runs `body` for each fence that is not over, without the lock.
  ///
  /// - Parameter body: Is given the fence, its usage, and whether everything it was given before
  ///   must be forgotten; returns whether to go on.
  public func forEachFence(
    upTo usage: ReservationUsage, _ body: (Fence, ReservationUsage, Bool) -> Bool
  ) {
    var cursor = ReservationCursor(self, upTo: usage)
    while let fence = cursor.next() {
      if !body(fence, cursor.fenceUsage, cursor.isRestarted) { break }
    }
    cursor.end()
  }
}
