import Hardware
import Kernel
import Machine
import Reservations
import Timeline

/// The machine that the session brings up: two devices, the screen, and the clients' windows.
struct World: Sendable {
  struct State: ~Copyable {
    let areClientsDone = Word<Bool>(false)
  }

  let options: Desktop.Options
  let workload: Workload
  let log: DesktopLog
  let memory: Object<BufferMemory>
  private let state: Object<State>

  // The first device.
  private let gpu: Device
  let render: Graphics
  let compute: Graphics
  private let timeoutQueue: WorkQueue
  // The second device.
  private let mediaDevice: Device
  let decoder: Engine
  let media: MediaDriver
  private let mediaLine: InterruptLine
  private let mediaThread: KernelThread
  let display: Display

  let explicitGame: Surface
  let timelines: SurfaceTimelines
  let implicitGame: Surface
  let video: Surface

  init(_ options: Desktop.Options, _ log: DesktopLog, _ recorder: TimelineRecorder?) {
    self.options = options
    self.log = log
    let workload = Workload(seed: options.seed)
    self.workload = workload
    let memory = Machine.allocate(BufferMemory { _ in log.noteFreedBuffer() })
    self.memory = memory
    state = Machine.allocate(State())
    gpu = Device.make()
    timeoutQueue = WorkQueue.make("reset", cpu: CPU.interrupts)
    let timeouts = options.mistake == .forgetsTheTimeout ? nil : timeoutQueue
    render = Graphics.open(
      "render", on: gpu, processor: CPU.renderEngine, faults: options.faults, timeouts, recorder)
    compute = Graphics.open(
      "compute", on: gpu, processor: CPU.computeEngine, faults: .none, timeouts, recorder)
    mediaDevice = Device.make()
    decoder = Engine.make("decoder", on: mediaDevice, recorder: recorder)
    let media = MediaDriver.load(decoder, losesOne: options.mistake == .dropsASignal) {
      workload.isBroken(frame: $0)
    }
    self.media = media
    mediaLine = InterruptLine("media irq", cpu: CPU.media) { media.handleInterrupt() }
    mediaThread = decoder.start(processor: CPU.decoderEngine, interrupt: mediaLine)
    display = Display.open(refreshCountMax: Limits.refreshCountMax(frames: options.frames))
    let makeBuffer = { Buffer.make(memory: memory, resource: log.noteBuffer()) }
    explicitGame = Surface.make(bufferCount: 3, makeBuffer)
    timelines = SurfaceTimelines.make()
    implicitGame = Surface.make(bufferCount: 3, makeBuffer)
    video = Surface.make(bufferCount: 4, makeBuffer)
  }

  /// A buffer with one reference, counted.
  func makeBuffer() -> Buffer { Buffer.make(memory: memory, resource: log.noteBuffer()) }

  /// Whether the compositor and the monitor may go.
  var areClientsDone: Bool {
    // relaxed: a hint to end; the join orders.
    state.record.areClientsDone.load(.relaxed)
  }

  func noteClientsDone() {
    // relaxed: as above.
    state.record.areClientsDone.store(true, .relaxed)
  }

  // MARK: - The end

  /// Waits until the last dying buffer is gone; gives up on one that somebody keeps.
  func waitForBuffers() {
    for _ in 0..<1_000 where log.buffersFreed < log.buffersMade {
      Machine.delay(nanoseconds: Jiffies.nanosecondsPerJiffy)
    }
  }

  /// Stops the engines; every client is gone.
  func stopDevices() {
    display.close()
    render.close()
    compute.close()
    timeoutQueue.destroy()
    decoder.stop(mediaThread)
    mediaLine.disconnect()
    RCU.barrier()
  }

  /// Gives everything back, when the media driver is unloaded.
  func free() {
    for surface in [explicitGame, implicitGame, video] { surface.free() }
    timelines.put()
    media.free()
    RCU.barrier()
    decoder.free()
    mediaDevice.free()
    gpu.free()
    Machine.free(memory)
    Machine.free(state)
  }
}

extension Desktop.Options {
  /// What the render engine gets wrong: it has about three jobs for each frame of the games.
  fileprivate var faults: FaultPlan {
    switch hang {
    case .inTheMiddle: .exactly(.hang, packet: UInt32(max(frames * 3 / 2, 1)))
    case .job(let number): .exactly(.hang, packet: UInt32(max(number, 1) - 1))
    case .none: .none
    }
  }
}
