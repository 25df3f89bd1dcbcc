internal import Kernel
internal import Machine

/// What one thread is doing with a fence, for ``SignaledBitPolicy/hazardPointer``: it runs the
/// callbacks, or it is inside the driver.
///
/// A few words beside all fences hold the addresses. Whoever is told yes waits until the fence is
/// in none of them, and so does whoever has signaled it. So a question to a signaled fence writes
/// nothing, and everybody waits for the one they must wait for and not for a grace period.
struct FenceHazard {
  private let slot: Object<Word<UInt64>>

  /// Announces that this thread is about to use what the fence leads to.
  ///
  /// Where all slots are taken it waits for any of them: some may be this thread's own.
  static func post(_ fence: Fence) -> FenceHazard {
    let address = UInt64(fence.machineAddress)
    while true {
      for slot in slots {
        // full[fence.signaled] ↔ full in Fence.signalBitFirst(at:). Whoever posts and looks at the
        // bit, and whoever sets the bit and looks for hazards: one of them sees the other.
        if slot.record.compareExchange(0, with: address, .full, edge: "fence.signaled") == 0 {
          return FenceHazard(slot: slot)
        }
      }
      waitForAnySlot()
    }
  }

  private static func waitForAnySlot() {
    // relaxed: only a hint that trying again may work.
    while !slots.contains(where: { $0.record.load(.relaxed) == 0 }) { Machine.relax() }
  }

  /// Says that the thread is done.
  func clear() {
    // release[hazard.clear] → acquire in FenceHazard.waitUntilGone(_:). What was done under the
    // hazard comes before whatever the waiter does next.
    slot.record.store(0, .release, edge: "hazard.clear")
  }

  /// Waits until nobody uses what this fence leads to.
  static func waitUntilGone(_ fence: Fence) {
    let address = UInt64(fence.machineAddress)
    for slot in slots {
      // acquire[hazard.clear] ← release in FenceHazard.clear(). Sees what was done under it.
      Machine.spin(until: slot.record.differs(from: address, .acquire, edge: "hazard.clear"))
    }
  }

  /// Each on a line of its own.
  private static let slots = (0..<Limits.hazardCount).map { _ in
    Machine.permanent(alignment: 64, Word<UInt64>(0))
  }
}
