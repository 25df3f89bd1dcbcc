import Explorer
import Fences
import Kernel
import Machine
import Reservations
import Testing

/// The rows of the kernel's `dma-buf-resv` suite against a second actor, in every interleaving.
///
/// There the second actor is played by the test itself.
@Suite(.serialized)
struct ReservationRowModelTests {
  private func row(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    var options = ExplorationOptions()
    options.reduction = .graphs
    let report = explore(name, options: options, scenario)
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  /// A reservation with one fence, in which there was memory for it.
  private struct World: Sendable {
    let reservation = Reservation.make()
    let fence = Plain.fence()

    init?(_ usage: ReservationUsage) {
      guard reservation.addLocked(fence, usage) else {
        end()
        return nil
      }
    }

    /// Has the list exchanged for a longer one, if there is memory for that.
    func exchangeList() {
      _ = outcome { () throws(Errno) in
        try reservation.withLock { () throws(Errno) in try reservation.reserve(8) }
      }
    }

    func end() {
      reservation.destroy()
      fence.put()
    }
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_signaling`(usage: ReservationUsage) {
    row("test_signaling/\(usage)") { lab in
      guard let world = World(usage) else { return }
      lab.thread("asker", cpu: 0) {
        let wasSignaled = world.reservation.isSignaled(upTo: usage)
        lab.expect(!wasSignaled || world.fence.testSignaledFlag(), "it says what the fence says")
      }
      lab.thread("signaler", cpu: 1) { world.fence.signal() }
      lab.finally {
        lab.expect(world.reservation.isSignaled(upTo: usage), "signaled in the end")
        world.end()
      }
    }
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_for_each`(usage: ReservationUsage) {
    row("test_for_each/\(usage)") { lab in
      guard let world = World(usage) else { return }
      lab.thread("holder", cpu: 0) {
        guard outcome({ () throws(Errno) in try world.reservation.lock() }) == nil else { return }
        let entries = world.reservation.heldEntries(upTo: usage)
        lab.expect(entries.map(\.0) == [world.fence], "signaled or not, the fence is there")
        lab.expect(entries.map(\.1) == [usage], "with its usage")
        // The lock orders nothing behind a signal, and the walk asks nobody.
        lab.outcome(world.fence.testSignaledFlag() ? "signaled" : "pending")
        world.reservation.unlock()
      }
      lab.thread("signaler", cpu: 1) { world.fence.signal() }
      lab.finally { world.end() }
    }
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_for_each_unlocked`(usage: ReservationUsage) {
    row("test_for_each_unlocked/\(usage)") { lab in
      guard let world = World(usage) else { return }
      lab.thread("writer", cpu: 0) { world.exchangeList() }
      lab.thread("reader", cpu: 1) {
        var cursor = ReservationCursor(world.reservation, upTo: usage)
        var yields = 0
        while let fence = cursor.next() {
          yields += 1
          lab.expect(cursor.isRestarted && fence == world.fence, "each walk begins with the fence")
          lab.expect(cursor.fenceUsage == usage, "and its usage")
        }
        lab.expect((1...2).contains(yields), "once, and again where the list was exchanged")
        cursor.end()
      }
      lab.finally { world.end() }
    }
  }

  @Test(arguments: ReservationUsage.allCases)
  func `dma-buf-resv: test_get_fences`(usage: ReservationUsage) {
    row("test_get_fences/\(usage)") { lab in
      guard let world = World(usage) else { return }
      lab.thread("writer", cpu: 0) { world.exchangeList() }
      lab.thread("reader", cpu: 1) {
        // Without memory for the list there is none.
        guard let fences = try? world.reservation.fences(upTo: usage) else { return }
        lab.expect(fences == [world.fence], "one fence, however often the walk began anew")
        for fence in fences { fence.put() }
      }
      lab.finally { world.end() }
    }
  }
}
