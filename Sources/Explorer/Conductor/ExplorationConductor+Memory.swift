internal import Machine

extension ExplorationConductor {
  func take(_ access: Access, by thread: VirtualThread) -> UInt64 {
    use(access.address, by: thread)
    let location = thread.footprint.location
    let before = arena.read(access.address, width: access.width)
    var didWrite = access.mayWrite
    switch access.kind {
    case .load: break
    case .store, .exchange: write(access.operand, access)
    case .add: write(before &+ access.operand, access)
    case .or: write(before | access.operand, access)
    case .and: write(before & access.operand, access)
    case .compareExchange:
      didWrite = before == access.expected
      if didWrite { write(access.operand, access) }
    }
    if let race = sync.access(access, at: location, by: thread, didWrite: didWrite) {
      failRace(race, access, by: thread)
    }
    if access.loadOrdering == .dependency { thread.noteReached(arena.object(at: UInt(before))) }
    return before
  }

  private func write(_ bits: UInt64, _ access: Access) {
    arena.write(bits, to: access.address, width: access.width)
  }

  /// A condition holds: what a load of the word would have done.
  func observe(_ condition: Condition, by thread: VirtualThread) -> UInt64 {
    use(condition.address, by: thread)
    sync.observed(condition, at: thread.footprint.location, by: thread)
    return arena.read(condition.address, width: condition.width)
  }

  // MARK: - Objects

  func allocate(_ request: Allocation, by thread: VirtualThread) -> UInt64 {
    guard let address = arena.allocate(request, by: thread.index) else { return 0 }
    return UInt64(address)
  }

  /// Notes that the step uses the object at this address, which must not have ended.
  func use(_ address: UInt, by thread: VirtualThread) {
    let object = arena.object(at: address)
    guard object >= 0 else { return }
    guard let free = sync.use(object, by: thread) else { return }
    var failure = Failure.usesFreed(
      thread.name, object, freedBy: threads[free.other].name, in: arena,
      hasLeftSection: thread.hasLeftSection(of: object))
    failure.partner = (free.other, free.step)
    fail(failure)
  }

  func free(_ address: UInt, by thread: VirtualThread) {
    let object = arena.object(at: address)
    guard object >= 0, arena.objects[Int(object)].address == address else {
      return fail(.freesNoObject(thread.name))
    }
    let state = arena.objects[Int(object)]
    guard !state.isFreed, !state.isRetired || thread === reclaimer else {
      return fail(.freesAgain(thread.name, object, in: arena))
    }
    arena.markFreed(Int(object))
    if let use = sync.free(object, by: thread) { suspect(use, of: object, by: thread) }
  }

  /// A use came first here, but nothing keeps the free from coming first elsewhere.
  private func suspect(_ use: Synchronisation.Race, of object: Int32, by thread: VirtualThread) {
    guard suspicion == nil, phase == .running else { return }
    suspicion = Failure(
      verdict: .useAfterFree, rule: "use-after-free/unordered",
      message:
        "\(thread.name) frees \(arena.type(of: object)), and nothing orders that after its use by "
        + "\(threads[use.other].name).",
      partner: (use.other, use.step), object: object)
    suspicionScript = currentScript()
  }

  private func failRace(_ race: Synchronisation.Race, _ access: Access, by thread: VirtualThread) {
    let verb = access.mayWrite ? "writes" : "reads"
    fail(
      Failure(
        verdict: .dataRace, rule: "data-race",
        message: "\(thread.name) \(verb) \(arena.describe(access.address)) while nothing orders "
          + "this with an access by \(threads[race.other].name).",
        partner: (race.other, race.step), object: arena.object(at: access.address)))
  }

  // MARK: - Promises and claims

  func note(_ step: Obligation) {
    let state = obligations[step.key]
    switch step.step {
    case .opened: obligations[step.key] = .open(step.kind)
    case .dropped: obligations[step.key] = .dropped
    case .met:
      if case .open = state {
        obligations[step.key] = .met
      } else {
        fail(
          Failure(
            verdict: .callbackDoubled, rule: "callback-doubled",
            message: "\(running.name) runs a callback that has run or was removed already.",
            object: arena.object(at: step.key)))
      }
    }
  }

  func check(_ claim: Expectation) {
    if let failure = Failure.claim(claim) { fail(failure) }
  }
}

/// What became of a promise.
enum ObligationState { case open(Obligation.Kind), met, dropped }
