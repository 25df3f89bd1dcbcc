import Machine

/// A ring of packets between one driver and one engine, with its doorbell.
///
/// Positions count packets since the start and wrap with their 24 bits; a position's slot is its
/// low bits. The doorbell holds the driver's position and, in its top byte, how often the driver
/// has reset the engine, so ringing it and asking for a reset are one store each.
package struct CommandRing: ~Copyable {
  /// How far the engine has come; the engine's own.
  package struct Cursor {
    var position: UInt32 = 0
    var resets: UInt32 = 0

    /// The start of a new ring.
    package init() {}
  }

  /// The position after the last packet the driver wrote, and the number of resets.
  ///
  /// Written by the driver only.
  let doorbell = Word<UInt32>(0)
  /// The position of the next packet the engine will read.
  ///
  /// Written by the engine only.
  let head = Word<UInt32>(0)
  /// Where the engine goes on after a reset.
  ///
  /// Written by the driver only, before the doorbell.
  let resetPosition = Word<UInt32>(0)
  /// The number of resets that the engine has carried out, as the doorbell counts them.
  ///
  /// Written by the engine only.
  let resetsDone = Word<UInt32>(0)
  /// Marked words, because a driver error may overwrite what the engine reads.
  let slots = InlineArray<16, Word<CommandPacket>> { _ in Word(.halt) }

  /// An empty ring.
  package init() {
    precondition(slots.count == Limits.ringSlotCount, "the size of a ring is given twice")
  }

  /// Writes a packet and rings the doorbell.
  ///
  /// - Returns: false if the ring is full; nothing is written then.
  /// - Precondition: One caller at a time; drivers hold their submission lock.
  /// - Ordering: Release. An engine that sees the doorbell sees the packet. Edge `ring.doorbell`.
  /// - Progress: Never blocks, so it may be called with interrupts off.
  package func submit(_ packet: CommandPacket) -> Bool {
    // relaxed: only the driver writes the doorbell, and it holds its lock.
    let bell = doorbell.load(.relaxed)
    let tail = Self.position(bell)
    // acquire[ring.space] ← release in CommandRing.next(_:). The slot has been read.
    let used = Self.position(tail &- head.load(.acquire, edge: "ring.space"))
    if used >= UInt32(Limits.ringSlotCount) { return false }
    // relaxed: the doorbell below publishes the slot.
    slots[Self.slot(tail)].store(packet, .relaxed)
    // release[ring.doorbell] → acquire in CommandRing.next(_:). Publishes the packet.
    doorbell.store(
      Self.resets(bell) | Self.position(tail &+ 1), .release, edge: "ring.doorbell")
    Machine.wake(doorbell, count: 1)
    return true
  }

  /// The engine's next packet; sleeps until there is one.
  ///
  /// - Returns: nil where the driver asks for a reset; see ``acknowledgeReset(_:)``.
  package func next(_ cursor: inout Cursor) -> CommandPacket? {
    while true {
      // acquire[ring.doorbell] ← release in CommandRing.submit(_:) and requestReset(). The packet
      // is complete.
      let bell = doorbell.load(.acquire, edge: "ring.doorbell")
      if Self.resets(bell) != cursor.resets { return nil }
      if Self.position(bell) != cursor.position { break }
      _ = Machine.park(on: doorbell, while: bell)
    }
    // relaxed: ordered by the doorbell above.
    let packet = slots[Self.slot(cursor.position)].load(.relaxed)
    cursor.position = Self.position(cursor.position &+ 1)
    // release[ring.space] → acquire in CommandRing.submit(_:). The slot may be overwritten.
    head.store(cursor.position, .release, edge: "ring.space")
    return packet
  }

  private static func slot(_ position: UInt32) -> Int {
    Int(position) & (Limits.ringSlotCount - 1)
  }

  static func position(_ bell: UInt32) -> UInt32 { bell & 0xFF_FFFF }
  static func resets(_ bell: UInt32) -> UInt32 { bell & 0xFF00_0000 }
}
