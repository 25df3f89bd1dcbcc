internal import Kernel
public import Simulator

/// What a run of the desktop came to.
public struct DesktopReport: Sendable {
  /// What was asked for.
  public let options: Desktop.Options
  /// Every frame, in the order in which they were settled.
  public let frames: [DesktopFrame]
  /// Fences that somebody else could wait for, and how many of them were seen signaled.
  public let fences: Count
  /// Buffers that were made, and how many of them gave their memory back.
  public let buffers: Count
  /// What the simulated machine says.
  public let machine: SimulationReport

  /// How many there were, and how many came to their end.
  public struct Count: Sendable, Hashable, Codable {
    /// All of them.
    public let all: Int
    /// Those that came to their end.
    public let ended: Int
  }

  init(_ options: Desktop.Options, _ log: DesktopLog, _ machine: SimulationReport) {
    self.options = options
    self.machine = machine
    frames = log.frames
    fences = Count(all: log.fencesPublished, ended: log.fencesSignaled)
    buffers = Count(all: log.buffersMade, ended: log.buffersFreed)
  }

  /// Which claims about the end do not hold, in words; none after a run as it should be.
  public var problems: [String] {
    var problems: [String] = []
    func claim(_ holds: Bool, _ otherwise: @autoclosure () -> String) {
      if !holds { problems.append(otherwise()) }
    }
    claim(
      fences.all == fences.ended,
      "\(fences.all - fences.ended) of \(fences.all) published fences were never seen signaled")
    claim(
      buffers.all == buffers.ended,
      "\(buffers.all - buffers.ended) of \(buffers.all) buffers kept their memory")
    claim(machine.leaks.isEmpty, "never freed: \(Self.counted(machine.leaks))")
    claim(machine.stuck.isEmpty, "stuck: \(machine.stuck.joined(separator: ", "))")
    claim(
      machine.openObligationCount == 0, "\(machine.openObligationCount) callbacks never ran")
    claim(!machine.isCut, "the run did not end within \(machine.eventCount) events")
    if let order = machine.lockOrder?.problem { problems.append("lock order: \(order)") }
    if !machine.failures.isEmpty {
      problems.append("broken rules: \(Self.counted(machine.failures.map(Self.words)))")
    }
    return problems
  }

  private static func words(_ failure: SimulationReport.Failure) -> String {
    failure.isWarning ? "warning: \(failure.message)" : "\(failure.thread) \(failure.message)"
  }

  /// `3 × Buffer, Fence`.
  private static func counted(_ names: [String]) -> String {
    var kinds: [(name: String, count: Int)] = []
    for name in names {
      if let index = kinds.firstIndex(where: { $0.name == name }) {
        kinds[index].count += 1
      } else {
        kinds.append((name, 1))
      }
    }
    var texts = kinds.prefix(6).map { $0.count > 1 ? "\($0.count) × \($0.name)" : $0.name }
    if kinds.count > 6 { texts.append("\(kinds.count - 6) other kinds") }
    return texts.joined(separator: ", ")
  }

  /// How long it took, in virtual nanoseconds.
  public var nanoseconds: UInt64 { frames.reduce(0) { max($0, $1.end) } }
}

// MARK: - Statistics

extension DesktopReport {
  /// How one client's frames went.
  public struct Statistics: Sendable, Hashable, Codable {
    /// Whose they are.
    public let client: DesktopClient
    /// How many there were.
    public let frames: Int
    /// How many came later than they should have.
    public let late: Int
    /// How many ended with an error.
    public let errors: Int
    /// How long they took from their beginning to the signal: in the middle, of 95 and 99 in a
    /// hundred, and of the slowest, in virtual nanoseconds.
    public let latency: Latency

    /// How long frames took, in virtual nanoseconds.
    public struct Latency: Sendable, Hashable, Codable {
      /// Half of them took no longer.
      public let median: UInt64
      /// 95 in a hundred took no longer.
      public let p95: UInt64
      /// 99 in a hundred took no longer.
      public let p99: UInt64
      /// The slowest.
      public let max: UInt64
    }
  }

  /// How each client's frames went.
  public var statistics: [Statistics] {
    DesktopClient.allCases.map { client in
      let own = frames.filter { $0.client == client }
      let times = own.map { $0.end - $0.begin }.sorted()
      func percentile(_ percent: Int) -> UInt64 {
        times.isEmpty ? 0 : times[(times.count * percent + 99) / 100 - 1]
      }
      return Statistics(
        client: client, frames: own.count, late: own.count { $0.isLate },
        errors: own.count { $0.error != nil },
        latency: Statistics.Latency(
          median: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100)))
    }
  }

  /// What a hang did.
  public struct Hang: Sendable, Hashable, Codable {
    /// Whose job it was.
    public let client: DesktopClient
    /// In which frame.
    public let frame: Int
    /// When that frame began.
    public let began: UInt64
    /// When the engine had been reset and the job's fence was signaled.
    public let reset: UInt64
    /// Frames of anybody that were on the device with it, and were cancelled.
    public let cancelled: Int
    /// When the compositor's next frame without an error was on the screen.
    public let recovered: UInt64?
  }

  /// The hang, if there was one.
  public var hang: Hang? {
    guard let guilty = frames.first(where: { $0.error == .timeExpired }) else { return nil }
    let next = frames.first {
      $0.client == .compositor && $0.error == nil && $0.end > guilty.end
    }
    return Hang(
      client: guilty.client, frame: guilty.number, began: guilty.begin, reset: guilty.end,
      cancelled: frames.count { $0.error == .cancelled }, recovered: next?.end)
  }
}
