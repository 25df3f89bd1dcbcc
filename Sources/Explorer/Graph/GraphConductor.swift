internal import Machine

/// Runs the program along one execution graph, and on from where the graph ends.
///
/// Each thread first repeats what its lane records: a read returns what the graph says it read.
/// Then the search decides which lane adds the next node. A thread that waits for its turn leaves
/// its operation behind; whoever runs looks for the next lane on its own stack, so a lane that goes
/// on alone costs no switch.
///
/// Everything happens on one OS thread; no `inout` access to a stored property may be open where
/// `perform` switches.
final class GraphConductor: Conductor, LabWorld, @unchecked Sendable {
  // Safety: @unchecked Sendable because all coroutines of one exploration share one OS thread.

  enum Phase { case idle, setup, priming, running, finishing, draining }

  /// How the current execution came to its end.
  enum Ending: Equatable { case complete, blocked, cut, failed, tooLong, diverged }

  let model: MemoryModel
  let arena = Arena()
  let stepsMax: Int
  private let weakening: Weakening?
  let mainCoroutine = Coroutine()
  var phase = Phase.idle
  var threads: [GraphThread] = []
  var running: GraphThread
  var graph = ExecutionGraph()
  /// Where each lane's thread stands while it repeats what is recorded.
  var cursors: [Int] = []
  /// Reads so far of each lane, and why grace periods wait for it.
  var loads: [Int] = []
  var depths: [Int] = []
  /// Who stands in which lane, over all executions.
  var lanes = GraphLanes()
  var places = GraphPlaces()
  var ending = Ending.complete
  var failure: Failure?
  /// Over all executions; what it finds fails only if nothing worse is found.
  var lockOrder = LockOrder()
  /// Graphs that the current run made and did not follow, last to be explored first.
  var alternatives: [ExecutionGraph] = []
  var finals: [@Sendable () -> Void] = []
  /// What the scenario noted of this execution.
  var outcomes: [String] = []
  var promises: [UInt: GraphPromise] = [:]
  /// Lanes of deferred work, over all executions.
  var deferred: Set<Int> = []
  /// Objects that deferred work frees.
  var retired: Set<Int32> = []
  /// Why this engine cannot explore the scenario, if it cannot.
  var isOutOfReach: String?
  var handlerPlaces = HandlerPlaces()
  /// Writes down the events of a finished graph; nobody goes on from it.
  var recorder: GraphRecorder?
  /// The decisions to follow instead of searching.
  var script: GraphScript?
  var steps = 0
  private var primer: Coroutine
  private var idleThreads: [GraphThread] = []

  init(options: ExplorationOptions, model: MemoryModel) {
    self.model = model
    weakening = options.weakening
    stepsMax = min(options.stepsMax, Limits.graphStepsMax)
    running = GraphThread(index: 0, stackBytes: nil)
    threads = [running]
    primer = mainCoroutine
    super.init(summarises: !options.opensPrimitives)
  }

  // MARK: - One execution

  /// Repeats the graph and completes it.
  func execute(_ start: ExecutionGraph, _ scenario: @Sendable (Lab) -> Void) {
    begin(start)
    conduct {
      scenario(Lab(world: self))
      if failure == nil { runThreads() }
      if failure == nil, recorder == nil { failure = GraphRaces(self).firstFailure() }
      if failure != nil { ending = .failed }
      end()
    }
  }

  private func begin(_ start: ExecutionGraph) {
    graph = start
    let setup = threads[0]
    setup.begin(
      Spawn(name: "setup", cpu: 0, context: .task, body: {}), lane: -1, now: 1_000_000)
    threads = [setup]
    running = setup
    (phase, ending, failure) = (.setup, .complete, nil)
    steps = 0
    cursors.removeAll(keepingCapacity: true)
    loads.removeAll(keepingCapacity: true)
    depths.removeAll(keepingCapacity: true)
    finals.removeAll(keepingCapacity: true)
    outcomes.removeAll(keepingCapacity: true)
    promises.removeAll(keepingCapacity: true)
    retired.removeAll(keepingCapacity: true)
    lockOrder.beginExecution()
  }

  private func runThreads() {
    joinHandlers()
    for origin in script?.origins ?? [] { _ = lanes.number(of: origin) }
    // A handler that fires meanwhile is not primed again.
    let atFirst = threads.dropFirst().filter { $0.state == .ready }
    for thread in atFirst where failure == nil || recorder != nil { prime(thread) }
    guard failure == nil, recorder == nil else { return }
    phase = .running
    continueRun(from: mainCoroutine)
    if failure == nil { failure = GraphRaces(self).firstUseOfWhatTheSetupFreed() }
    if failure == nil { finish() }
  }

  private func end() {
    drain()
    for thread in threads.dropFirst() {
      if thread.state != .ended { thread.coroutine.abandon() }
      thread.state = .idle
      idleThreads.append(thread)
    }
    phase = .idle
    arena.reset()
    // They know the lab, and the lab this conductor: nobody would give it back.
    finals.removeAll(keepingCapacity: true)
  }

  /// Lets what is left run to its end on the final memory, unobserved, so that nothing on the
  /// stacks leaks.
  private func drain() {
    guard threads.dropFirst().contains(where: { $0.state != .ended }) else { return }
    places.writeBack(graph, to: arena)
    phase = .draining
    steps = 0
    for thread in threads.dropFirst() where thread.state != .ended {
      running = thread
      mainCoroutine.switchTo(thread.coroutine)
      if steps > Limits.drainStepsMax { return }
    }
  }

  /// Gives back what weighs most; the conductor conducts nothing any more.
  func giveBack() {
    for thread in idleThreads { thread.coroutine.dropStack() }
    arena.giveBack()
  }

  // MARK: - Threads

  /// The lane of whatever the running thread starts next.
  func laneToStart() -> Int {
    lanes.number(of: GraphLanes.Origin(starter: running.index, ordinal: running.started))
  }

  func makeThread(_ spawn: Spawn) -> GraphThread {
    let lane = laneToStart()
    running.started += 1
    let index = lane + 1
    precondition(
      index < Limits.threadCountMax,
      "a scenario may have \(Limits.threadCountMax - 1) threads; see Explorer.Limits")
    let thread =
      idleThreads.firstIndex { $0.index == index }.map { idleThreads.remove(at: $0) }
      ?? GraphThread(index: index, stackBytes: Limits.stackBytes)
    thread.begin(spawn, lane: lane, now: running.now)
    makeRoom(for: lane)
    // Whose turn it is goes by the lane, not by who came first.
    threads.insert(thread, at: threads.firstIndex { $0.index > index } ?? threads.endIndex)
    thread.coroutine.begin { [unowned self] in
      spawn.body()
      fireArmed(under: thread)
    } thenSwitchTo: { [unowned self] in
      threadEnded(thread)
    }
    return thread
  }

  private func makeRoom(for lane: Int) {
    while cursors.count <= lane {
      cursors.append(0)
      loads.append(0)
      depths.append(0)
    }
    while graph.lanes.count <= lane { graph.addLane() }
  }

  func addFinally(_ body: @escaping @Sendable () -> Void) { finals.append(body) }
  func note(outcome: String) { outcomes.append(outcome) }

  /// Lets a thread repeat its lane, up to its first new operation.
  func prime(_ thread: GraphThread) {
    let (outer, outerPhase, outerPrimer) = (running, phase, primer)
    primer = outer.index == 0 ? mainCoroutine : outer.coroutine
    (phase, running) = (.priming, thread)
    primer.switchTo(thread.coroutine)
    (running, phase, primer) = (outer, outerPhase, outerPrimer)
  }

  private func threadEnded(_ thread: GraphThread) -> Coroutine {
    thread.state = .ended
    if phase == .draining { return mainCoroutine }
    if let failure = thread.leftOpen(in: arena) { fail(failure) }
    if failure != nil { return mainCoroutine }
    if let below = interrupted(by: thread) { return below.coroutine }
    return phase == .priming ? primer : nextCoroutine()
  }

  // MARK: - Whose turn it is

  override var currentThread: Int { running.index }
  override var currentCPU: Int { running.cpu }

  override func perform(_ event: Event) -> UInt64 {
    let thread = running
    var event = event
    if let weakening, phase != .setup {
      guard let weakened = weakening.apply(to: event) else { return 0 }
      event = weakened
    }
    let result: UInt64
    switch phase {
    case .draining: result = performUnobserved(event)
    case .setup, .finishing: result = performAlone(event)
    default: result = performShared(event, by: thread)
    }
    if failure != nil, phase == .running || phase == .priming { switchToEnd(thread) }
    return result
  }

  /// Leaves the running thread where it is until its operation has been done.
  func switchAway() {
    let thread = running
    if phase == .priming {
      thread.coroutine.switchTo(failure == nil ? primer : mainCoroutine)
    } else {
      continueRun(from: thread.coroutine)
    }
  }

  private func continueRun(from coroutine: Coroutine) {
    let next = nextCoroutine()
    if next !== coroutine { coroutine.switchTo(next) }
  }

  /// Adds nodes until one lets its thread run on.
  private func nextCoroutine() -> Coroutine {
    while failure == nil, let thread = nextThread() {
      guard take(thread) else { continue }
      running = thread
      return thread.coroutine
    }
    return mainCoroutine
  }

  /// The lane that adds the next node: a function of the graph alone.
  ///
  /// A read that would have to wait comes last: mostly the store it waits for is still to come. An
  /// unlock for which somebody waits comes after what can be done without it.
  func nextThread() -> GraphThread? {
    guard steps < stepsMax else {
      ending = .tooLong
      return nil
    }
    guard ending == .complete else { return nil }
    if script != nil { return scriptedThread() }
    var late: GraphThread?
    var handover: GraphThread?
    var first: GraphThread?
    for thread in threads.dropFirst() where thread.state == .ready {
      guard let operation = thread.operation else { continue }
      if case .write = operation.kind, operation.node.traits.contains(.update) { return thread }
      switch readiness(of: operation) {
      case .now: first = first ?? thread
      case .handover: handover = handover ?? thread
      case .late: late = late ?? thread
      case .never: break
      }
    }
    return first ?? handover ?? late ?? runOn()
  }

  enum Readiness { case now, handover, late, never }

  func readiness(of operation: GraphOperation) -> Readiness {
    guard operation.node.traits.contains(.waits) else {
      return isHandover(operation) ? .handover : .now
    }
    let location = operation.node.location
    let initially = places.initialBits(of: location, in: arena)
    var source = graph.last(of: location)
    if !operation.waits(for: graph.value(of: source, initially: initially)) { return .now }
    let floor = graph.floor(of: Int(operation.node.lane), at: location)
    while source != floor, source != ExecutionGraph.initial {
      source = graph.previous(before: source)
      if !operation.waits(for: graph.value(of: source, initially: initially)) { return .late }
    }
    return .never
  }

  /// Adds what the thread is about to do, in the first way there is, and keeps the others.
  ///
  /// - Returns: Whether the thread runs on.
  private func take(_ thread: GraphThread) -> Bool {
    guard var operation = thread.operation else { return thread.state == .ready }
    postponeIfRepeating(&operation, thread)
    if operation.node.location >= 0 {
      operation.initially = places.initialBits(of: operation.node.location, in: arena)
    }
    if script != nil { return takeScripted(thread, operation) }
    if operation.addIfForced(to: &graph) {
      thread.operation = nil
      steps += 1
      return catchUp(thread, operation)
    }
    if isHandover(operation), isOnlyMove(thread, operation) { return handOver(thread, operation) }
    var found = GraphGrowth(model: model, graph: graph, operation: operation).extensions()
    guard let live = found.firstIndex(where: \.isForward) else {
      precondition(
        graph.hasGracePeriods, "explorer: no memory model refuses the latest store")
      alternatives += found.reversed().map(\.graph)
      ending = .cut
      return false
    }
    graph = found.remove(at: live).graph
    stopRepeating(in: &found, thread, operation)
    if !found.isEmpty { alternatives += found.reversed().map(\.graph) }
    thread.operation = nil
    steps += 1
    return catchUp(thread, operation)
  }

  /// Moves the thread past the nodes that were added for it.
  ///
  /// - Returns: Whether it runs on.
  func catchUp(_ thread: GraphThread, _ operation: GraphOperation) -> Bool {
    let lane = graph.lanes[thread.lane]
    let first = lane[cursors[thread.lane]]
    cursors[thread.lane] = lane.count
    thread.result = graph[first].value
    if graph[first].kind == .read { loads[thread.lane] += 1 }
    noteTurn(first, lane.count - Int(graph[first].position), by: thread)
    guard graph[first].isBlocked else { return true }
    thread.state = .waiting
    thread.blocked = operation
    return false
  }

  // MARK: - Repeating

  /// The thread's next operation: repeated if the graph has it, otherwise left for the search.
  ///
  /// - Returns: The value read or chosen.
  func perform(_ operation: GraphOperation) -> UInt64 {
    let thread = running
    let lane = thread.lane
    noteUse(of: operation.node.location, by: thread)
    guard cursors[lane] < graph.lanes[lane].count else { return wait(for: operation) }
    let node = graph[graph.lanes[lane][cursors[lane]]]
    guard node.kind == operation.node.kind, node.location == operation.node.location,
      node.kind != .write || node.value == operation.node.value
    else {
      diverge()
      return 0
    }
    let number = graph.lanes[lane][cursors[lane]]
    cursors[lane] += 1
    recorder?.didTake(number, by: thread)
    if node.kind == .read { loads[lane] += 1 }
    noteTurn(number, node.mustWrite ? 2 : 1, by: thread)
    if node.isBlocked {
      thread.state = .waiting
      thread.blocked = operation
      thread.result = node.value
      if node.traits.contains(.stuck) { thread.postponed = operation.update }
      switchAway()
      return thread.result
    }
    if let update = operation.update, node.mustWrite {
      guard cursors[lane] < graph.lanes[lane].count else {
        _ = wait(for: GraphOperation(kind: .write, node: update.node(after: node)))
        return node.value
      }
      cursors[lane] += 1
    }
    return node.value
  }

  private func wait(for operation: GraphOperation) -> UInt64 {
    let thread = running
    thread.operation = operation
    switchAway()
    return thread.result
  }

  /// Adds a node that nobody else can notice at once, or steps over it.
  func note(_ node: GraphNode) {
    let lane = running.lane
    if cursors[lane] < graph.lanes[lane].count {
      let recorded = graph[graph.lanes[lane][cursors[lane]]]
      guard recorded.kind == node.kind, recorded.object == node.object else { return diverge() }
      recorder?.didTake(graph.lanes[lane][cursors[lane]], by: running)
    } else {
      graph.add(node)
    }
    cursors[lane] += 1
  }

  private func diverge() {
    fail(
      Failure(
        verdict: .notDeterministic, rule: "not-deterministic",
        message: "The scenario did something else when the same graph was run again. "
          + "Use only machine words, cells and Machine.choose for what may differ."))
    switchAway()
  }

  /// Leaves the running thread for good: the execution is over.
  func switchToEnd(_ thread: GraphThread) { thread.coroutine.switchTo(mainCoroutine) }

  /// Stops the execution here.
  func fail(_ found: Failure) {
    guard failure == nil, phase != .draining, phase != .idle else { return }
    failure = found
  }
}

/// How often a promise was opened, met and dropped.
struct GraphPromise {
  var opened = 0
  var met = 0
  var dropped = 0
}
