import Machine

/// A ring of packets between one driver and one engine, with its doorbell.
///
/// Positions count packets since the start and wrap with their 32 bits; a position's slot is its
/// low bits. The doorbell holds the driver's position, so ringing it is one store.
package struct CommandRing: ~Copyable {
  /// The position after the last packet the driver wrote.
  ///
  /// Written by the driver only.
  let doorbell = Word<UInt32>(0)
  /// The position of the next packet the engine will read.
  ///
  /// Written by the engine only.
  let head = Word<UInt32>(0)
  /// Marked words, because a driver error may overwrite what the engine reads.
  let slots = InlineArray<16, Word<CommandPacket>> { _ in Word(.halt) }

  /// An empty ring.
  package init() {}

  /// Writes a packet and rings the doorbell.
  ///
  /// - Returns: false if the ring is full; nothing is written then.
  /// - Precondition: One caller at a time; drivers hold their submission lock.
  /// - Ordering: Release. An engine that sees the doorbell sees the packet. Edge `ring.doorbell`.
  /// - Progress: Never blocks, so it may be called with interrupts off.
  package func submit(_ packet: CommandPacket) -> Bool {
    // relaxed: only the driver writes the doorbell, and it holds its lock.
    let tail = doorbell.load(.relaxed)
    // acquire[ring.space] → release in CommandRing.next(after:). The slot has been read.
    let isFull = tail &- head.load(.acquire, edge: "ring.space") >= UInt32(Limits.ringSlotCount)
    if isFull { return false }
    // relaxed: the doorbell below publishes the slot.
    slots[Self.slot(tail)].store(packet, .relaxed)
    // release[ring.doorbell] → acquire in CommandRing.next(after:). Publishes the packet.
    doorbell.store(tail &+ 1, .release, edge: "ring.doorbell")
    Machine.wake(doorbell, count: 1)
    return true
  }

  /// The engine's next packet; sleeps until there is one.
  ///
  /// - Parameter position: How many packets the engine has read.
  package func next(after position: UInt32) -> CommandPacket {
    while true {
      // acquire[ring.doorbell] → release in CommandRing.submit(_:). The packet is complete.
      let tail = doorbell.load(.acquire, edge: "ring.doorbell")
      if tail != position { break }
      _ = Machine.park(on: doorbell, while: tail)
    }
    // relaxed: ordered by the doorbell above.
    let packet = slots[Self.slot(position)].load(.relaxed)
    // release[ring.space] → acquire in CommandRing.submit(_:). The slot may be overwritten.
    head.store(position &+ 1, .release, edge: "ring.space")
    return packet
  }

  private static func slot(_ position: UInt32) -> Int {
    Int(position) & (Limits.ringSlotCount - 1)
  }
}
