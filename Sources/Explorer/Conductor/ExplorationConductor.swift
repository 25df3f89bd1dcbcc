internal import Machine

/// Runs one execution at a time: keeps the world, and follows the decisions of a search or replay.
///
/// A thread that performs an event leaves it as its pending step and looks for the next thread to
/// run, on its own stack: while one thread keeps running there is no switch at all. A step is
/// taken (its effect happens) when its thread is chosen, so that every enabled thread's next step
/// is known at each decision.
///
/// Everything happens on one OS thread. No `inout` access to a stored property may be open where
/// `perform` switches; the runtime would blame the next coroutine.
final class ExplorationConductor: Conductor, LabWorld, @unchecked Sendable {
  // Safety: @unchecked Sendable because all coroutines of one exploration share one OS thread.

  enum Phase { case idle, setup, priming, running, finishing, draining, looking }

  /// How the current execution came to its end.
  enum Ending: Equatable {
    case complete, redundant, blocked, failed, tooLong, diverged, scriptEnded
  }

  let arena = Arena()
  let main = Coroutine()
  var threads: [VirtualThread] = []
  var phase = Phase.idle
  var running: VirtualThread
  var ending = Ending.complete
  var failure: Failure?
  /// A free that nothing orders after an earlier use; fails only if nothing worse is found.
  var suspicion: Failure?
  var suspicionScript: Script?
  /// Over all executions; what it finds fails only if nothing worse is found.
  var lockOrder = LockOrder()

  var tree: SearchTree
  /// Who decides instead of the search.
  var script: Guide?
  var trace: [Step] = []
  var choices: [Choice] = []
  var order = StepOrder()
  var sync = Synchronisation()
  var holders: [UInt: Int] = [:]
  var sleepers: [UInt: [Int]] = [:]
  /// For each CPU the handler and the softirq that run there, or -1.
  var activeHandlers = [Int](repeating: -1, count: Limits.cpuCountMax + 1)
  var activeSoftirqs = [Int](repeating: -1, count: Limits.cpuCountMax + 1)
  var obligations: [UInt: ObligationState] = [:]
  var reclaimer: VirtualThread?
  var reclaimQueue: [ReclaimItem] = []
  /// How many pieces of deferred work are done, and for each what its end depends on and teaches.
  var reclaimed: [(order: VectorClock, sync: VectorClock)] = []
  var now: UInt64 = 0
  var finals: [@Sendable () -> Void] = []
  /// What must be true of every state; see `ExplorationConductor+Invariants`.
  var invariants: [@Sendable () -> String?] = []
  /// What the scenario noted of this execution.
  var outcomes: [String] = []
  var recorder: Recorder?
  /// Told of every step of a schedule that is followed; nobody watches a search.
  var observers: [any Observer] = []
  /// The threads that could have stepped at the current decision.
  var enabledNow: UInt32 = 0
  let stepsMax: Int
  /// Where a thread goes that runs only up to its first event.
  private var primer: Coroutine
  private(set) var threadCount = 0
  private var idleThreads: [VirtualThread] = []

  init(options: ExplorationOptions) {
    tree = SearchTree(reduction: options.reduction)
    stepsMax = options.stepsMax
    running = VirtualThread(index: 0, stackBytes: nil)
    threads = [running]
    primer = main
    super.init(summarises: !options.opensPrimitives)
  }

  // MARK: - One execution

  /// Builds the world, runs the threads to their end, and makes the final claims.
  func execute(_ scenario: @Sendable (Lab) -> Void) {
    beginExecution()
    conduct {
      scenario(Lab(world: self))
      if failure == nil { runThreads() }
      if ending == .complete, failure == nil { finish() }
      if failure != nil { ending = .failed }
      endExecution()
    }
  }

  private func beginExecution() {
    let setup = threads[0]
    setup.begin(Spawn(name: "setup", cpu: 0, context: .task, body: {}), after: nil)
    threads = [setup]
    threadCount = 1
    running = setup
    phase = .setup
    (ending, failure, reclaimer, now) = (.complete, nil, nil, 1_000_000)
    trace.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    order.reset()
    sync.reset()
    lockOrder.beginExecution()
    holders.removeAll(keepingCapacity: true)
    sleepers.removeAll(keepingCapacity: true)
    obligations.removeAll(keepingCapacity: true)
    reclaimQueue.removeAll(keepingCapacity: true)
    reclaimed.removeAll(keepingCapacity: true)
    finals.removeAll(keepingCapacity: true)
    invariants.removeAll(keepingCapacity: true)
    outcomes.removeAll(keepingCapacity: true)
    for cpu in activeHandlers.indices {
      activeHandlers[cpu] = -1
      activeSoftirqs[cpu] = -1
    }
    tree.beginExecution()
    recorder?.begin()
  }

  private func runThreads() {
    // Handlers begin with the step in which they fire.
    for thread in threads.dropFirst() where thread.isTask { prime(thread) }
    guard failure == nil else { return }
    phase = .running
    continueRun(from: main)
    if ending == .redundant {
      for thread in threads.dropFirst() where thread.state == .ready && !isEnabled(thread) {
        wantAlternatives(to: thread)
      }
      // The stacks are run empty, so that nothing on them leaks.
      phase = .draining
      continueRun(from: main)
    }
  }

  private func endExecution() {
    for thread in threads.dropFirst() {
      if thread.state != .ended, thread !== reclaimer || thread.body != nil {
        thread.coroutine.abandon()
      }
      thread.state = .idle
      thread.body = nil
      idleThreads.append(thread)
    }
    phase = .idle
    arena.reset()
    // They know the lab, and the lab this conductor: nobody would give it back.
    finals.removeAll(keepingCapacity: true)
    invariants.removeAll(keepingCapacity: true)
  }

  /// Gives back what weighs most; the conductor conducts nothing any more.
  func giveBack() {
    for thread in idleThreads { thread.coroutine.dropStack() }
    arena.giveBack()
  }

  // MARK: - Threads

  /// Adds a thread.
  ///
  /// A task runs up to its first event at once, without a step.
  func addThread(_ spawn: Spawn) {
    precondition(
      phase != .finishing, "explorer: the final claims start no threads; start them in the setup")
    let thread = makeThread(spawn)
    if phase == .running || phase == .draining, thread.isTask { prime(thread) }
  }

  func addFinally(_ body: @escaping @Sendable () -> Void) { finals.append(body) }

  func note(outcome: String) { outcomes.append(outcome) }

  /// - Parameter parent: Whose steps come before it; the running thread's, if nobody's is named.
  func makeThread(_ spawn: Spawn, after parent: VirtualThread? = nil) -> VirtualThread {
    precondition(
      threadCount < Limits.threadCountMax,
      "a scenario may have \(Limits.threadCountMax - 2) threads; see Explorer.Limits")
    // What deferred work raises is a softirq of no CPU, as deferred work is.
    precondition(
      (0..<Limits.cpuCountMax).contains(spawn.cpu) || running.cpu == spawn.cpu,
      "virtual CPUs are numbered 0 to \(Limits.cpuCountMax - 1)")
    let index = threadCount
    threadCount += 1
    let thread =
      idleThreads.firstIndex { $0.index == index }.map { idleThreads.remove(at: $0) }
      ?? VirtualThread(index: index, stackBytes: Limits.stackBytes)
    thread.begin(spawn, after: parent ?? running)
    threads.append(thread)
    if !thread.isTask {
      thread.pending = .enterHandler
      thread.footprint = Footprint()
      thread.footprint.enters = spawn.context == .interrupt ? .interrupt : .softirq
      thread.footprint.grace = .readerBegins
    }
    startCoroutine(of: thread)
    return thread
  }

  func startCoroutine(of thread: VirtualThread) {
    guard let body = thread.body else { return }
    thread.coroutine.begin(body) { [unowned self] in threadEnded(thread) }
  }

  private func prime(_ thread: VirtualThread) {
    let (spawner, outer) = (running, phase)
    primer = outer == .running || outer == .draining ? spawner.coroutine : main
    (phase, running) = (.priming, thread)
    primer.switchTo(thread.coroutine)
    (phase, running) = (outer, spawner)
  }

  /// A body has returned: checks what it left behind and finds where to go on.
  private func threadEnded(_ thread: VirtualThread) -> Coroutine {
    if thread === reclaimer {
      reclaimedBody()
    } else {
      thread.state = .ended
      thread.body = nil
      if let failure = thread.leftOpen(in: arena) { fail(failure) }
      if !thread.isTask { leaveHandler(thread) }
    }
    if failure != nil { return main }
    return phase == .priming ? primer : nextCoroutine()
  }

  // MARK: - Events

  override var currentThread: Int { running.index }
  override var currentCPU: Int { running.cpu }

  override func perform(_ event: Event) -> UInt64 {
    if phase == .looking { return look(event) }
    let thread = running
    if let result = performLocally(event, by: thread) {
      if failure != nil, phase == .running || phase == .priming { thread.coroutine.switchTo(main) }
      tell(event, result, of: thread)
      return result
    }
    if phase == .setup || phase == .finishing {
      let result = performAlone(event, by: thread)
      tell(event, result, of: thread)
      return result
    }
    thread.pending = .event(event)
    thread.footprint = footprint(of: event, by: thread)
    if let recorder, recorder.namesLines { thread.site = .here() }
    if phase == .priming {
      thread.coroutine.switchTo(primer)
    } else {
      continueRun(from: thread.coroutine)
    }
    return thread.result
  }

  /// Runs whoever is next until it is the caller's turn again.
  private func continueRun(from coroutine: Coroutine) {
    let next = nextCoroutine()
    if next !== coroutine { coroutine.switchTo(next) }
  }

  /// Takes steps until one lets its thread run on.
  private func nextCoroutine() -> Coroutine {
    while failure == nil, let thread = chooseThread() {
      if takeStep(of: thread) {
        if failure != nil { return main }
        running = thread
        return thread.coroutine
      }
    }
    return main
  }

  /// The thread that steps next, or nil at the end of the execution.
  private func chooseThread() -> VirtualThread? {
    var enabled: UInt32 = 0
    for thread in threads.dropFirst() where isEnabled(thread) { enabled |= thread.bit }
    if enabled == 0 { enabled = wakeLoops() }
    guard failure == nil else { return nil }
    guard enabled != 0 else {
      noteEnd()
      return nil
    }
    if phase == .draining { return threads[enabled.trailingZeroBitCount] }
    guard trace.count < stepsMax else {
      ending = .tooLong
      return nil
    }
    return decide(enabled)
  }

  private func decide(_ enabled: UInt32) -> VirtualThread? {
    enabledNow = enabled
    if let script { return script.next(of: enabled, in: self) }
    switch tree.decide(
      enabled: enabled, preferred: running.index, signature: { signature(of: threads[$0]) })
    {
    case .run(let index): return threads[index]
    case .redundant: ending = .redundant
    case .diverged: ending = .diverged
    }
    return nil
  }

  /// Stops the execution here and leaves the failing thread's stack behind.
  func fail(_ found: Failure) {
    guard failure == nil, phase != .draining, phase != .idle else { return }
    failure = found
  }
}
