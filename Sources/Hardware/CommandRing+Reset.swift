import Machine

extension CommandRing {
  /// Asks the engine to forget every packet that was submitted so far.
  ///
  /// Packets submitted afterwards are kept.
  ///
  /// - Returns: What ``awaitReset(_:)`` waits for.
  /// - Precondition: The caller holds its submission lock, and no other reset is under way.
  func requestReset() -> UInt32 {
    // relaxed: only the driver writes the doorbell, and it holds its lock.
    let bell = doorbell.load(.relaxed)
    // relaxed: the doorbell below publishes it.
    resetPosition.store(Self.position(bell), .relaxed)
    let request = Self.resets(bell) &+ 0x100_0000
    // release[ring.doorbell] → acquire in CommandRing.hasReset(_:) and next(_:). Publishes where to
    // go on.
    doorbell.store(request | Self.position(bell), .release, edge: "ring.doorbell")
    Machine.wake(doorbell, count: 1)
    return request
  }

  /// Sleeps until the engine has carried the reset out.
  func awaitReset(_ request: UInt32) {
    while true {
      // acquire[ring.reset] ← release in CommandRing.acknowledgeReset(_:). What the engine wrote
      // before the reset is visible, and it writes nothing of the old packets any more.
      let done = resetsDone.load(.acquire, edge: "ring.reset")
      if done == request { return }
      _ = Machine.park(on: resetsDone, while: done)
    }
  }

  /// Whether the driver has asked for a reset.
  func hasReset(_ cursor: Cursor) -> Bool {
    // acquire[ring.doorbell] ← release in CommandRing.requestReset(). Where to go on is known.
    Self.resets(doorbell.load(.acquire, edge: "ring.doorbell")) != cursor.resets
  }

  /// Sleeps, hung, until the driver asks for a reset.
  func sleepUntilReset(_ cursor: Cursor) {
    while true {
      // acquire[ring.doorbell] ← release in CommandRing.requestReset(). Where to go on is known.
      let bell = doorbell.load(.acquire, edge: "ring.doorbell")
      if Self.resets(bell) != cursor.resets { return }
      _ = Machine.park(on: doorbell, while: bell)
    }
  }

  /// Carries the reset out.
  func acknowledgeReset(_ cursor: inout Cursor) {
    // relaxed: the acquire that saw the request ordered both.
    cursor.resets = Self.resets(doorbell.load(.relaxed))
    cursor.position = resetPosition.load(.relaxed)
    // release[ring.space] → acquire in CommandRing.submit(_:). The slots may be overwritten.
    head.store(cursor.position, .release, edge: "ring.space")
    // release[ring.reset] → acquire in CommandRing.awaitReset(_:). The old packets are forgotten.
    resetsDone.store(cursor.resets, .release, edge: "ring.reset")
    Machine.wake(resetsDone)
  }
}
