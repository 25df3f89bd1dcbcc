public import Kernel
package import Machine
public import Timeline

/// One engine of the simulated GPU: reads packets from its ring, computes, writes the seqno back
/// and raises its interrupt.
///
/// It runs as a thread of its own on a processor of its own, and every step is an ordinary machine
/// event, so simulated and explored runs share this source. It knows seqnos and no fences.
public struct Engine: Sendable {
  /// The words that the engine shares with its driver.
  struct Registers: ~Copyable {
    let ring = CommandRing()
    /// The seqno of the last packet that ended.
    ///
    /// Written by the engine only.
    let completed: Word<UInt32>
    /// Whether the engine may not begin a packet.
    ///
    /// Written by the driver only.
    let isGated = Word<UInt32>(0)

    init(seqno: UInt32) { completed = Word(seqno) }
  }

  /// Its name and its track.
  public let name: String
  let registers: Object<Registers>
  let device: Device?
  let space: AddressSpace?
  let recorder: TimelineRecorder?
  /// What this engine gets wrong, in place of its device's plan.
  let ownFaults: FaultPlan?

  /// An engine with an empty ring, which does not run yet.
  ///
  /// - Parameters:
  ///   - seqno: What counts as completed before the first packet ends.
  ///   - device: Whose memory it works on and whose faults it suffers. Without one it can only
  ///     compute, write seqnos and raise interrupts.
  ///   - faults: What this engine alone gets wrong; nil for the device's plan.
  ///   - space: What its addresses mean; nil for the device's own addresses.
  ///   - recorder: Where its jobs are drawn. Leave it out in explored runs, because reading the
  ///     clock for the drawing is an event like any other.
  public static func make(
    _ name: String, completed seqno: UInt32 = 0, on device: Device? = nil,
    faults: FaultPlan? = nil, in space: AddressSpace? = nil, recorder: TimelineRecorder? = nil
  ) -> Engine {
    Engine(
      name: name, registers: Machine.allocate(alignment: 64, Registers(seqno: seqno)),
      device: device, space: space, recorder: recorder, ownFaults: faults)
  }

  /// Starts the engine.
  ///
  /// - Parameters:
  ///   - processor: The processor it runs on; nothing else may run there.
  ///   - line: Raised after every job.
  public func start(processor: Int, interrupt line: InterruptLine) -> KernelThread {
    start(processor: processor) { line.raise() }
  }

  /// Starts an engine whose interrupts go through a controller.
  public func start(
    processor: Int, interrupt source: Int, of controller: InterruptController
  ) -> KernelThread {
    start(processor: processor) { controller.raise(source) }
  }

  private func start(processor: Int, raise: @escaping @Sendable () -> Void) -> KernelThread {
    KernelThread.start(name, cpu: processor) { run(raise) }
  }

  /// Hands a packet to the engine.
  ///
  /// - Returns: false if the ring is full.
  /// - Precondition: One caller at a time.
  public func submit(_ packet: CommandPacket) -> Bool {
    registers.record.ring.submit(packet)
  }

  /// The condition that packets were submitted, for scenarios that play the engine.
  ///
  /// - Ordering: Acquire. Edge `ring.doorbell`.
  package var hasPackets: Condition {
    // acquire[ring.doorbell] ← release in CommandRing.submit(_:). The packet is complete.
    registers.record.ring.doorbell.differs(from: 0, .acquire, edge: "ring.doorbell")
  }

  /// The condition that the completed seqno is another one, for scenarios.
  ///
  /// - Ordering: Acquire. Edge `engine.completed`.
  package func hasPassed(_ seqno: UInt32) -> Condition {
    // acquire[engine.completed] ← release in Engine.writeBack(_:). The packet's results are
    // visible.
    registers.record.completed.differs(from: seqno, .acquire, edge: "engine.completed")
  }

  /// The seqno of the last packet that ended.
  ///
  /// - Ordering: Acquire. What the engine wrote before it is visible. Edge `engine.completed`.
  public var completedSeqno: UInt32 {
    // acquire[engine.completed] ← release in Engine.writeBack(_:). The packet's results are
    // visible.
    registers.record.completed.load(.acquire, edge: "engine.completed")
  }

  /// Stops the engine after the packets that it has.
  ///
  /// - Parameter thread: What ``start(processor:interrupt:)`` returned.
  /// - Precondition: The ring has room, nobody submits any more, the engine neither hangs nor is
  ///   gated, and the caller may sleep.
  public func stop(_ thread: KernelThread) {
    let wasTaken = submit(.halt)
    precondition(wasTaken, "an engine can only be stopped when its ring has room")
    thread.join()
  }

  /// Frees what the engine shared with its driver.
  ///
  /// - Precondition: The engine has stopped *and* its interrupt line is disconnected: a handler
  ///   that is still pending reads the registers.
  public func free() {
    Machine.free(registers)
  }
}
