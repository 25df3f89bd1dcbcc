import Fences
import Kernel
import Machine
import Reservations
import Testing

/// The rows of the kernel's `dma-buf-resv` suite, under their own names.
struct ReservationRows {
  @Test func `dma-buf-resv: test_sanitycheck`() throws {
    let fence = Plain.fence()
    fence.enableSignaling()
    fence.signal()
    fence.put()
    let reservation = Reservation.make()
    try reservation.lock()
    reservation.unlock()
    reservation.destroy()
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_signaling`(usage: ReservationUsage) throws {
    let (reservation, fence) = try oneFence(usage)
    #expect(!reservation.isSignaled(upTo: usage))
    fence.signal()
    #expect(reservation.isSignaled(upTo: usage))
    reservation.unlock()
    end(reservation, fence)
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_for_each`(usage: ReservationUsage) throws {
    let (reservation, fence) = try oneFence(usage)
    let entries = reservation.heldEntries(upTo: usage)
    #expect(entries.map(\.0) == [fence])
    #expect(entries.map(\.1) == [usage])
    fence.signal()
    reservation.unlock()
    end(reservation, fence)
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_for_each_unlocked`(usage: ReservationUsage) throws {
    let (reservation, fence) = try oneFence(usage)
    reservation.unlock()
    var cursor = ReservationCursor(reservation, upTo: usage)
    var yields = 0
    while let found = cursor.next() {
      yields += 1
      let (isRestarted, foundUsage) = (cursor.isRestarted, cursor.fenceUsage)
      #expect(isRestarted)
      #expect(found == fence)
      #expect(foundUsage == usage)
      if yields == 1 { cursor.forgetList() }
      if yields > 2 { break }
    }
    cursor.end()
    #expect(yields == 2)
    fence.signal()
    end(reservation, fence)
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_get_fences`(usage: ReservationUsage) throws {
    let (reservation, fence) = try oneFence(usage)
    reservation.unlock()
    let fences = try reservation.fences(upTo: usage)
    #expect(fences == [fence])
    #expect(fence.referenceCount == 3)
    for fence in fences { fence.put() }
    fence.signal()
    end(reservation, fence)
  }

  /// A locked reservation with one fence that can be signaled.
  private func oneFence(_ usage: ReservationUsage) throws -> (Reservation, Fence) {
    let reservation = Reservation.make()
    let fence = Plain.fence()
    fence.enableSignaling()
    try reservation.lock()
    try reservation.reserve(1)
    reservation.add(fence, usage)
    return (reservation, fence)
  }

  private func end(_ reservation: Reservation, _ fence: Fence) {
    reservation.destroy()
    fence.put()
  }
}
