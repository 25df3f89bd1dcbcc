public import Kernel
import Machine
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

    init(seqno: UInt32) { completed = Word(seqno) }
  }

  /// Its name and its track.
  public let name: String
  let registers: Object<Registers>
  private let recorder: TimelineRecorder?

  /// An engine with an empty ring, which does not run yet.
  ///
  /// - Parameters:
  ///   - seqno: What counts as completed before the first packet ends.
  ///   - recorder: Where its jobs are drawn. Leave it out in explored runs, because reading the
  ///     clock for the drawing is an event like any other.
  public static func make(
    _ name: String, completed seqno: UInt32 = 0, recorder: TimelineRecorder? = nil
  ) -> Engine {
    Engine(
      name: name, registers: Machine.allocate(alignment: 64, Registers(seqno: seqno)),
      recorder: recorder)
  }

  /// Starts the engine.
  ///
  /// - Parameters:
  ///   - processor: The processor it runs on; nothing else may run there.
  ///   - line: Raised after every packet.
  public func start(processor: Int, interrupt line: InterruptLine) -> KernelThread {
    KernelThread.start(name, cpu: processor) { run(line) }
  }

  /// Hands a packet to the engine.
  ///
  /// - Returns: false if the ring is full.
  /// - Precondition: One caller at a time.
  public func submit(_ packet: CommandPacket) -> Bool {
    registers.record.ring.submit(packet)
  }

  /// The seqno of the last packet that ended.
  ///
  /// - Ordering: Acquire. What the engine wrote before it is visible. Edge `engine.completed`.
  public var completedSeqno: UInt32 {
    // acquire[engine.completed] → release in Engine.run(_:). The packet's results are visible.
    registers.record.completed.load(.acquire, edge: "engine.completed")
  }

  /// Stops the engine after the packets that it has.
  ///
  /// - Parameter thread: What ``start(processor:interrupt:)`` returned.
  /// - Precondition: The ring has room, nobody submits any more, and the caller may sleep.
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

  private func run(_ line: InterruptLine) {
    var position: UInt32 = 0
    while true {
      let packet = registers.record.ring.next(after: position)
      position &+= 1
      guard case .execute(let seqno, let nanoseconds) = packet else { return }
      let span = recorder?.open("job \(seqno)", on: name, at: Machine.clock())
      Machine.delay(nanoseconds: UInt64(nanoseconds))
      // release[engine.completed] → acquire in Engine.completedSeqno. The results are visible to
      // whoever sees the seqno.
      registers.record.completed.store(seqno, .release, edge: "engine.completed")
      if let span { recorder?.close(span, at: Machine.clock()) }
      line.raise()
    }
  }
}
