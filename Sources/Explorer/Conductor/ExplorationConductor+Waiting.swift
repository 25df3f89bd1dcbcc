internal import Machine

extension ExplorationConductor {
  // MARK: - Who can step

  func isEnabled(_ thread: VirtualThread) -> Bool {
    thread.state == .ready && !thread.repetition.isWaiting && mayRun(thread) && isReady(thread)
  }

  /// Whether the pending step could be taken if its CPU were free.
  func isReady(_ thread: VirtualThread) -> Bool {
    switch thread.pending {
    case .event(.acquire(let step)): return holders[step.lock] == nil
    case .event(.spin(let condition)):
      return condition.holds(for: arena.read(condition.address, width: condition.width))
    case .wakeUp(_, let deadline): return thread.wasWoken || deadline != nil
    case .graceEnds(let ticket): return haveLeft(ticket)
    case .reclaim: return reclaimQueue.first.map { haveLeft($0.ticket) } ?? false
    case .queueDone(let count): return reclaimed.count >= count
    default: return true
    }
  }

  // MARK: - Sleeping

  func park(
    _ thread: VirtualThread, on word: UInt, while expected: UInt32, deadline: UInt64?
  ) -> Bool {
    use(word, by: thread)
    if let failure = thread.sleepMisuse { fail(failure) }
    guard arena.read(word, width: 4) == UInt64(expected) else {
      thread.result = 1
      return true
    }
    sleepers[word, default: []].append(thread.index)
    thread.wasWoken = false
    let location = thread.footprint
    thread.pending = .wakeUp(word: word, deadline: deadline)
    thread.footprint = Footprint(location: location.location, writes: true, object: location.object)
    if deadline != nil { thread.footprint.time = .advances }
    return false
  }

  func wake(_ word: UInt, count: UInt32, by waker: VirtualThread) -> UInt64 {
    use(word, by: waker)
    var queue = sleepers[word] ?? []
    let woken = queue.prefix(Int(min(count, UInt32(Limits.threadCountMax))))
    for index in woken { threads[index].wasWoken = true }
    queue.removeFirst(woken.count)
    sleepers[word] = queue
    return UInt64(woken.count)
  }

  /// The sleeper goes on: because it was woken, or because its time is over.
  func wakeUp(_ thread: VirtualThread, from word: UInt, deadline: UInt64?) {
    thread.result = thread.wasWoken ? 1 : 0
    if !thread.wasWoken {
      sleepers[word]?.removeAll { $0 == thread.index }
      if let deadline { now = max(now, deadline) }
    }
  }

  // MARK: - Nobody can step

  /// Nobody can step: everything has ended, or somebody waits for what will never come.
  func noteEnd() {
    let stuck = threads.dropFirst().filter { $0.state == .ready }
    guard let first = stuck.first, phase == .running else { return }
    ending = .blocked
    if script == nil { for thread in stuck { wantAlternatives(to: thread) } }
    let waits = stuck.map(describeWait).joined(separator: "; ")
    fail(Failure(verdict: verdict(of: stuck), rule: rule(of: stuck, first), message: "\(waits)."))
  }

  private func verdict(of stuck: [VirtualThread]) -> Verdict {
    stuck.contains { waitsForLock($0) } ? .deadlock : .endlessWait
  }

  private func rule(of stuck: [VirtualThread], _ first: VirtualThread) -> String {
    guard let waiter = stuck.first(where: waitsForLock) else { return "endless-wait" }
    guard let lock = lock(of: waiter), let holder = holders[lock] else { return "deadlock" }
    if threads[holder] === waiter { return "deadlock/self" }
    guard !waiter.isTask, threads[holder].cpu == waiter.cpu else { return "deadlock" }
    return waiter.context == .interrupt ? "deadlock/interrupt" : "deadlock/softirq"
  }

  private func waitsForLock(_ thread: VirtualThread) -> Bool { lock(of: thread) != nil }

  private func lock(of thread: VirtualThread) -> UInt? {
    if case .event(.acquire(let step)) = thread.pending, holders[step.lock] != nil {
      return step.lock
    }
    return nil
  }

  private func describeWait(_ thread: VirtualThread) -> String {
    if let lock = lock(of: thread), let holder = holders[lock] {
      let whose = threads[holder] === thread ? "it holds itself" : "\(threads[holder].name) holds"
      return "\(thread.name) waits for a lock that \(whose)"
    }
    switch thread.pending {
    case .event(.spin): return "\(thread.name) spins on a condition that nobody will make true"
    case .wakeUp: return "\(thread.name) sleeps and nobody will wake it"
    case .graceEnds, .reclaim: return "\(thread.name) waits for a read section that never ends"
    case .queueDone: return "\(thread.name) waits for deferred work that is never done"
    case .enterHandler:
      let level = thread.context == .interrupt ? "interrupts" : "softirqs"
      return "\(thread.name) cannot fire because \(level) stay off"
    default: return "\(thread.name) cannot run because its CPU is taken"
    }
  }
}
