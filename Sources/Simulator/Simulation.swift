public import Machine
public import Timeline

/// One deterministic run of a small machine in virtual time.
///
/// Every event costs some virtual nanoseconds (``CostTable``). The processor that is furthest
/// behind goes next; at equal times the one with the lower number. Tasks of one processor take
/// turns when they sleep, in the order in which they became ready; interrupts come in as soon as
/// their processor's level allows. Equal programs therefore give equal timelines.
///
/// It may be captured by the bodies it runs.
public final class Simulation {
  /// A CPU of the simulated machine, or a device that runs threads of its own.
  public struct Processor: Sendable, Hashable {
    /// Its name and its track in the timeline.
    public let name: String
    /// Whether the threads it runs are drawn.
    public let drawsThreads: Bool

    /// A CPU, which runs tasks and handlers.
    public static func cpu(_ name: String) -> Processor {
      Processor(name: name, drawsThreads: true)
    }

    /// A device, which draws what it does itself.
    public static func device(_ name: String) -> Processor {
      Processor(name: name, drawsThreads: false)
    }
  }

  private let conductor: SimulationConductor
  private var declared: [(spawn: Spawn, start: UInt64)] = []
  private var finalChecks: [@Sendable () -> Void] = []

  /// Where the run is recorded; programs may add events of their own.
  public var recorder: TimelineRecorder { conductor.recorder }

  private init(_ conductor: SimulationConductor) { self.conductor = conductor }

  /// Runs `scenario` and everything it declares until nothing can go on.
  ///
  /// The scenario makes the objects, and declares threads, handlers and final checks; it takes no
  /// virtual time. The threads start when it has returned.
  ///
  /// - Parameters:
  ///   - processors: The machine's processors; threads name them by position.
  ///   - eventCountMax: Events after which the run counts as endless and is cut.
  ///   - isDrawing: Whether the timeline shows what threads do. It keeps all of that, so a run of
  ///     many million events does without.
  ///   - checksLockOrder: Whether the order of locks is kept, as lockdep does; it takes time for
  ///     every lock.
  ///   - observers: Who is told of every step.
  public static func run(
    _ title: String, processors: [Processor] = [.cpu("cpu 0"), .cpu("cpu 1")],
    costs: CostTable = CostTable(), eventCountMax: Int = Limits.eventCountMax,
    isDrawing: Bool = true, checksLockOrder: Bool = false, observers: [any Observer] = [],
    _ scenario: @escaping @Sendable (Simulation) -> Void
  ) -> SimulationReport {
    let conductor = SimulationConductor(
      processors: processors, costs: costs, eventCountMax: eventCountMax,
      isDrawing: isDrawing, checksLockOrder: checksLockOrder,
      recorder: TimelineRecorder(title: title), observers: observers)
    let simulation = Simulation(conductor)
    return conductor.conduct {
      conductor.runHidden("setup") { scenario(simulation) }
      for (spawn, start) in simulation.declared { conductor.add(spawn, from: nil, at: start) }
      conductor.runUntilQuiet()
      for check in simulation.finalChecks { conductor.runHidden("final check", check) }
      return conductor.report()
    }
  }

  /// Declares a task.
  public func thread(
    _ name: String, cpu: Int, at start: UInt64 = 0, _ body: @escaping @Sendable () -> Void
  ) {
    declared.append((Spawn(name: name, cpu: cpu, context: .task, body: body), start))
  }

  /// Declares an interrupt that is raised at a fixed time.
  public func interrupt(
    _ name: String, cpu: Int, at time: UInt64, _ body: @escaping @Sendable () -> Void
  ) {
    declared.append((Spawn(name: name, cpu: cpu, context: .interrupt, body: body), time))
  }

  /// Declares a check for the time when all threads have ended.
  public func finally(_ body: @escaping @Sendable () -> Void) {
    finalChecks.append(body)
  }

  /// Calls `notice` with the virtual time whenever a store makes the condition true.
  ///
  /// The notice watches and takes no part: it must not use the machine.
  public func whenever(_ condition: Condition, _ notice: @escaping (UInt64) -> Void) {
    conductor.watches.append(Watch(condition: condition, notice: notice))
  }
}

// Safety: a simulation and its conductor are used by coroutines of one OS thread only.
extension Simulation: @unchecked Sendable {}

/// What one run showed.
public struct SimulationReport: Sendable, Hashable {
  /// A rule that was broken.
  public struct Failure: Sendable, Hashable {
    /// When, in virtual nanoseconds.
    public let time: UInt64
    /// By whom.
    public let thread: String
    /// What happened.
    public let message: String
    /// Whether the kernel would have warned and gone on.
    public let isWarning: Bool
  }

  /// The order in which a run takes its locks.
  public struct LockOrder: Sendable, Hashable {
    /// How many classes of locks were taken.
    public let classCount: Int
    /// How many pairs of classes were seen one inside the other.
    public let pairCount: Int
    /// How some schedule could deadlock, in words; nil where none was found.
    public let problem: String?
  }

  /// What happened, for drawing.
  public let timeline: Timeline
  /// The broken rules, in the order of time.
  public let failures: [Failure]
  /// The threads that could not go on, each with what it waits for.
  public let stuck: [String]
  /// The types of objects that were never freed, in the order of allocation.
  public let leaks: [String]
  /// Promises that were neither met nor dropped.
  public let openObligationCount: Int
  /// The order of locks; nil where nobody asked for it.
  public let lockOrder: LockOrder?
  /// Whether the run was cut because it performed too many events.
  public let isCut: Bool
  /// How many events were performed.
  public let eventCount: Int
  /// The most objects that were alive at one time.
  public let liveObjectCountMax: Int

  /// Whether everything ended as it should.
  public var isClean: Bool {
    failures.isEmpty && stuck.isEmpty && leaks.isEmpty && openObligationCount == 0 && !isCut
      && lockOrder?.problem == nil
  }
}

extension SimulationConductor {
  /// Runs a body that takes no virtual time and is not drawn.
  func runHidden(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let spawn = Spawn(name: name, cpu: 0, context: .task, body: body)
    add(spawn, from: nil, at: processors[0].time, hidden: true)
    runUntilQuiet()
  }

  /// The report on everything that has happened; gives the run's memory back.
  func report() -> SimulationReport {
    let report = SimulationReport(
      timeline: recorder.timeline, failures: failures,
      stuck: threads.map { "\($0.name) \($0.block?.words ?? "never started")" },
      leaks: memory.leaks, openObligationCount: obligations.reduce(0) { $0 + $1.value.count },
      lockOrder: lockOrder.map {
        SimulationReport.LockOrder(
          classCount: $0.summary.classCount, pairCount: $0.summary.pairCount, problem: $0.problem)
      },
      isCut: isExhausted, eventCount: eventCount, liveObjectCountMax: memory.liveCountMax)
    // What is stuck refers to itself from its own stack.
    for thread in threads {
      thread.coroutine?.dropStack()
      thread.coroutine = nil
      thread.alarm = nil
    }
    memory.tearDown()
    return report
  }

  func free(_ address: UInt, _ thread: VirtualThread) {
    if let problem = memory.free(address) { fail(problem, thread) }
  }
}

extension VirtualThread.Block {
  /// What a thread waits for, in words.
  var words: String {
    switch self {
    case .spin: "spins on a word that nobody changes"
    case .lock: "waits for a lock that nobody gives back"
    case .park: "sleeps and nobody wakes it"
    case .delay: "sleeps"
    case .grace: "waits for a grace period that cannot end"
    }
  }
}
