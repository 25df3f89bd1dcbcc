import Hardware
import Kernel
import Machine
import Simulator

/// A machine with two CPUs and two engines.
let deviceProcessors: [Simulation.Processor] = [
  .cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0"), .device("engine 1"),
]

/// Two engines of one device, and what takes them down again.
struct DeviceFixture: Sendable {
  let device: Device
  let engines: [Engine]
  private let lines: [InterruptLine]
  private let threads: [KernelThread]

  /// Starts the engines, whose interrupts all run one handler on CPU 1.
  init(
    _ device: Device, in space: AddressSpace? = nil, handler: @escaping @Sendable () -> Void = {}
  ) {
    self.device = device
    engines = [
      Engine.make("engine 0", on: device, in: space),
      Engine.make("engine 1", on: device, in: space),
    ]
    lines = engines.map { InterruptLine($0.name, cpu: 1, handler: handler) }
    threads = zip(engines.indices, engines).map { [lines] index, engine in
      engine.start(processor: 2 + index, interrupt: lines[index])
    }
  }

  /// Submits packets to an engine and waits for the seqno of the last one.
  func run(_ packets: [CommandPacket], on index: Int = 0, seqno: UInt32) {
    for packet in packets + [.writeSeqno(seqno)] {
      while !engines[index].submit(packet) { Machine.delay(nanoseconds: 1_000) }
    }
    wait(for: seqno, on: index)
  }

  /// Waits for a seqno.
  func wait(for seqno: UInt32, on index: Int = 0) {
    while engines[index].completedSeqno != seqno { Machine.delay(nanoseconds: 1_000) }
  }

  /// Resets one engine.
  func reset(_ index: Int = 0) { engines[index].awaitReset(engines[index].requestReset()) }

  /// Stops and frees everything.
  func close() {
    for (engine, thread) in zip(engines, threads) { engine.stop(thread) }
    for line in lines { line.disconnect() }
    for engine in engines { engine.free() }
    device.free()
  }
}
