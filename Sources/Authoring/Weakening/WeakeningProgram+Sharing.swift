import Explorer
import Fences
import Kernel
import Machine
import Reservations
import SyncObjects

extension WeakeningProgram {
  private static func fence(_ seqno: UInt64) -> Fence {
    Fence.make(operations: operations, context: 1, seqno: seqno)
  }

  /// Runs `body` with the reservation's lock and a slot.
  private static func withSlot(_ reservation: Reservation, _ body: () -> Void) {
    _ = try? reservation.withLock { () throws(Errno) in
      try reservation.reserve(1)
      body()
    }
  }

  /// One thread adds a fence to a reservation, and another walks over it without the lock.
  ///
  /// - Parameter context: That of a fence which is there before; nil for a list without any.
  private static func addAndWalk(_ lab: Lab, behind context: UInt64?) {
    let reservation = Reservation.make()
    let old = context.map { Fence.make(operations: operations, context: $0, seqno: 1) }
    withSlot(reservation) { if let old { reservation.add(old, .write) } }
    lab.thread("submitter", cpu: 0) {
      let new = fence(2)
      withSlot(reservation) { reservation.add(new, .write) }
      new.put()
    }
    lab.thread("reader", cpu: 1) {
      reservation.forEachFence(upTo: .write) { fence, _, _ in
        lab.expect(fence.seqno > 0, "a fence is whole")
        return true
      }
    }
    lab.finally {
      reservation.destroy()
      old?.put()
    }
  }

  /// Fences that are found in reservations and sync objects.
  static let sharing = [
    WeakeningProgram(name: "a fence takes the place of an earlier one of its context") {
      addAndWalk($0, behind: 1)
    },
    WeakeningProgram(name: "a fence is added behind another one") { addAndWalk($0, behind: 2) },
    WeakeningProgram(name: "a fence is added to an empty list") { addAndWalk($0, behind: nil) },
    WeakeningProgram(name: "somebody waits for a fence that is submitted meanwhile") { lab in
      guard let object = SyncObject.make() else { return }
      lab.thread("submitter", cpu: 0) {
        let fence = fence(1)
        object.replaceFence(with: fence)
        fence.signal()
        fence.put()
      }
      lab.thread("waiter", cpu: 1) {
        _ = try? SyncObject.wait(for: [(object, 0)], .forSubmit, timeout: .max)
      }
      lab.finally { object.put() }
    },
  ]
}
