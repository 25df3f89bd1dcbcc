internal import Machine

extension GraphConductor {
  /// The object at an address, as who allocated it and as their how-manieth: the same in all
  /// executions.
  func objectName(at address: UInt) -> Int32 {
    let index = arena.object(at: address)
    return index >= 0 ? arena.objects[Int(index)].name : -1
  }

  func allocate(_ request: Allocation, by thread: GraphThread) -> UInt64 {
    guard let address = arena.allocate(request, by: thread.index) else { return 0 }
    var node = GraphNode(kind: .allocation, lane: UInt8(thread.lane))
    node.object = objectName(at: address)
    note(node)
    return UInt64(address)
  }

  func free(_ address: UInt, by thread: GraphThread) {
    guard let name = wholeObject(at: address, by: thread) else { return }
    var node = GraphNode(kind: .free, lane: UInt8(thread.lane))
    node.object = name
    note(node)
    let frees = graph.nodes.reduce(0) { $0 + ($1.kind == .free && $1.object == name ? 1 : 0) }
    let index = arena.object(at: address)
    if frees > 1 || arena.objects[Int(index)].hasEnded {
      fail(.freesAgain(thread.name, index, in: arena))
    }
  }

  /// The object that begins at the address, or nil after a complaint.
  private func wholeObject(at address: UInt, by thread: GraphThread) -> Int32? {
    let index = arena.object(at: address)
    guard index >= 0, arena.objects[Int(index)].address == address else {
      fail(.freesNoObject(thread.name))
      return nil
    }
    return objectName(at: address)
  }

  // MARK: - Alone

  /// What the setup or the final claims free.
  func freeAlone(_ address: UInt) {
    guard let index = pendingObject(at: address) else { return }
    arena.markFreed(index)
  }

  /// What the setup or the final claims free after a grace period: none ends before they do.
  func retireAlone(_ address: UInt) {
    guard let index = pendingObject(at: address) else { return }
    arena.markRetired(index)
  }

  /// The object that begins at the address and has not ended, or nil after a complaint.
  private func pendingObject(at address: UInt) -> Int? {
    let index = arena.object(at: address)
    guard index >= 0, arena.objects[Int(index)].address == address else {
      fail(.freesNoObject(running.name))
      return nil
    }
    guard !arena.objects[Int(index)].hasEnded else {
      fail(.freesAgain(running.name, index, in: arena))
      return nil
    }
    return Int(index)
  }

  /// Complains where the setup or the final claims use what has been freed.
  func useAlone(_ address: UInt) {
    let index = arena.object(at: address)
    guard index >= 0, arena.objects[Int(index)].isFreed else { return }
    let name = arena.objects[Int(index)].name
    let free = graph.nodes.first { $0.kind == .free && $0.object == name }
    let freer = free.map(threadName) ?? threads[0].name
    fail(.usesFreed(running.name, index, freedBy: freer, in: arena))
  }

  // MARK: - After a grace period

  func gracePeriod(_ thread: GraphThread) {
    if let failure = thread.graceMisuse { return fail(failure) }
    note(GraphNode(kind: .gracePeriod, lane: UInt8(thread.lane)))
    graph.hasGracePeriods = true
  }

  /// The object ends after a grace period, in a lane of its own.
  func retire(_ address: UInt, by thread: GraphThread) {
    guard let name = wholeObject(at: address, by: thread) else { return }
    let index = arena.object(at: address)
    guard retired.insert(name).inserted, !arena.objects[Int(index)].hasEnded else {
      return fail(.retiresAgain(thread.name, index, in: arena))
    }
    startDeferred("reclaimer") { [unowned self] in free(address, by: running) }
  }

  func runAfterGracePeriod(_ body: @escaping @Sendable () -> Void) {
    startDeferred("deferred call") { [unowned self] in
      graph.hasGracePeriods = true
      body()
    }
  }

  private func startDeferred(_ name: String, _ work: @escaping @Sendable () -> Void) {
    let lane = laneToStart()
    deferred.insert(lane)
    start(
      Spawn(name: name, cpu: Limits.cpuCountMax, context: .softirq) { [unowned self] in
        note(GraphNode(kind: .gracePeriod, lane: UInt8(lane)))
        work()
        var node = hidden(.write, .done(lane))
        node.value = 1
        node.traits.insert(.release)
        _ = perform(GraphOperation(kind: .write, node: node))
      })
  }

  /// Waits until the deferred work is done that this thread can know of now; what it learns of
  /// while it waits was handed over later.
  func awaitDeferred(_ thread: GraphThread) {
    for lane in deferred.sorted().filter({ knows(thread, ofStartOf: $0) }) {
      var node = hidden(.read, .done(lane))
      node.traits.formUnion([.waits, .acquire])
      node.wanted = Wanted(mask: .max, value: 1)
      _ = perform(GraphOperation(kind: .read, node: node))
    }
  }

  /// Whether the thread comes after the start of a lane: what the graph says, and not who has been
  /// repeated so far.
  private func knows(_ thread: GraphThread, ofStartOf lane: Int) -> Bool {
    let start = graph.last(of: places.number(of: .start(lane)))
    guard start >= 0, cursors[thread.lane] > 0 else { return false }
    let last = graph.lanes[thread.lane][cursors[thread.lane] - 1]
    return start == last || graph.isInPrefix(start, of: graph[last].view)
  }

  // MARK: - New threads

  /// How reports call whose node it is.
  func threadName(of node: GraphNode) -> String {
    threads.first { $0.lane == Int(node.lane) && $0.index > 0 }?.name ?? "a thread"
  }

  /// Adds a thread of the scenario.
  func addThread(_ spawn: Spawn) {
    precondition(
      phase == .setup, "explorer: the final claims start no threads; start them in the setup")
    let sharesItsCPU = threads.contains {
      $0.index > 0 && $0.cpu == spawn.cpu && $0.context == .task && spawn.context == .task
    }
    if sharesItsCPU {
      isOutOfReach = "several threads share cpu \(spawn.cpu)"
    }
    _ = makeThread(spawn)
  }

  /// Starts a thread from a running one; it begins after what its starter did so far.
  func start(_ spawn: Spawn) {
    guard phase != .draining else { return }
    if spawn.context != .task, spawn.cpu == running.cpu, spawn.cpu < Limits.cpuCountMax {
      return arm(spawn)
    }
    let lane = laneToStart()
    var handover = hidden(.write, .start(lane))
    handover.value = 1
    handover.traits.insert(.release)
    let thread = makeThread(
      Spawn(name: spawn.name, cpu: spawn.cpu, context: spawn.context) { [unowned self] in
        var node = hidden(.read, .start(lane))
        node.traits.formUnion([.waits, .acquire])
        node.wanted = Wanted(mask: .max, value: 1)
        _ = perform(GraphOperation(kind: .read, node: node))
        spawn.body()
      })
    _ = perform(GraphOperation(kind: .write, node: handover))
    prime(thread)
  }
}
