public import Fences
internal import Kernel
public import Machine
internal import Simulator

/// A whole desktop in virtual time: a compositor, two games, a video decoder and a compute job that
/// share buffers over two devices, and a hang in the middle.
///
/// A microbenchmark convinces nobody in the debates about fences. This load runs everything that
/// the kit has at once: reservations and sync files and timelines, two schedulers, four drivers, a
/// timeout with its reset, and buffers that die while a device still works on them.
public enum Desktop {
  /// What a run is like; equal options give equal reports.
  public struct Options: Sendable, Equatable {
    /// Frames that each game draws.
    public var frames = 120
    /// Decides how long everything takes.
    public var seed: UInt64 = 1
    /// Which designs the fences follow.
    public var policy = FencePolicy.upstream
    /// What of the GPU's work never ends.
    public var hang = Hang.inTheMiddle
    /// What is broken on purpose.
    package var mistake = Mistake.none

    /// Two seconds under upstream's designs.
    public init() {}
  }

  /// Which job of the render engine hangs.
  public enum Hang: Sendable, Equatable {
    /// One in the middle of the run.
    case inTheMiddle
    /// The one of this number, the first one being 1.
    case job(Int)
    /// None.
    case none
  }

  /// What a test breaks, to see that the claims about the end notice.
  package enum Mistake: Sendable, CaseIterable {
    case none
    /// The media driver loses one fence of its list.
    case dropsASignal
    /// The compositor keeps a reference to a buffer.
    case leaksABuffer
    /// The compositor keeps a reference to a fence.
    case leaksAFence
    /// Two clients take two locks in two orders, one after the other.
    case takesLocksBothWaysRound
    /// Nobody watches for a hang.
    case forgetsTheTimeout
  }

  /// Runs the load.
  ///
  /// - Parameters:
  ///   - isDrawing: Whether the report's timeline shows what every CPU and engine did.
  ///   - observers: Who is told of every step.
  ///   - progress: Hears of every frame that came to the screen.
  public static func run(
    _ options: Options = Options(), isDrawing: Bool = false, observers: [any Observer] = [],
    _ progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> DesktopReport {
    let log = DesktopLog(progress)
    let report = FencePolicy.with(options.policy) {
      Simulation.run(
        "A desktop of \(options.frames) frames", processors: Self.processors,
        eventCountMax: Limits.eventCountMax(frames: options.frames), isDrawing: isDrawing,
        checksLockOrder: true, observers: observers
      ) { lab in
        let recorder = isDrawing ? lab.recorder : nil
        log.recorder = recorder
        lab.thread("session", cpu: CPU.interrupts) {
          Session.run(options, log, recorder)
        }
      }
    }
    return DesktopReport(options, log, report)
  }

  /// The most frames that a run may have.
  public static var frameCountMax: Int { Limits.frameCountMax }

  /// How many processors the run has, for whoever models their caches.
  public static var processorCount: Int { processors.count }

  private static let processors: [Simulation.Processor] = [
    .cpu("cpu 0"), .cpu("cpu 1"), .cpu("cpu 2"), .cpu("cpu 3"),
    .device("render"), .device("compute"), .device("decoder"), .device("display"),
  ]
}

/// Who runs where.
enum CPU {
  static let interrupts = 0
  static let compositor = 1
  static let games = 2
  static let media = 3
  static let renderEngine = 4
  static let computeEngine = 5
  static let decoderEngine = 6
  static let display = 7
}
