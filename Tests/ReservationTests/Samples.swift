import Fences
import Kernel
import Machine
import Reservations

/// Fences of a driver with the mandatory functions only.
enum Plain {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "plain" }, timelineName: { _ in "line" }))

  static func fence(context: UInt64 = 7, seqno: UInt64 = 1) -> Fence {
    Fence.make(operations: operations, context: context, seqno: seqno)
  }
}

/// What a call throws, or nil.
func outcome(_ body: () throws(Errno) -> Void) -> Errno? {
  do throws(Errno) {
    try body()
    return nil
  } catch {
    return error
  }
}

extension Reservation {
  /// Locks, reserves a slot, adds and unlocks; false without memory.
  @discardableResult func addLocked(_ fence: Fence, _ usage: ReservationUsage) -> Bool {
    let failure = outcome { () throws(Errno) in
      try withLock { () throws(Errno) in
        try reserve(1)
        add(fence, usage)
      }
    }
    return failure == nil
  }

  /// The fences and usages that the holder of the lock finds.
  func heldEntries(upTo usage: ReservationUsage = .bookkeep) -> [(Fence, ReservationUsage)] {
    lockedFences(upTo: usage).map { ($0.fence, $0.usage) }
  }
}

extension Buffer {
  /// The number of fences that the holder of the lock finds, those that are over included.
  var entryCount: Int {
    var count = 0
    _ = outcome { () throws(Errno) in
      try reservation.withLock { count = reservation.heldEntries().count }
    }
    return count
  }
}
