import Machine
import Timeline

/// A condition somebody wants to hear of, without taking part in the run.
struct Watch {
  let condition: Condition
  let notice: (UInt64) -> Void
}

extension SimulationConductor {
  // MARK: - Words

  func perform(_ access: Access, _ thread: VirtualThread) -> UInt64 {
    if memory.isFreed(access.address) { fail("uses an object after its end", thread) }
    let before = SimulatedMemory.read(access.address, access.width)
    guard let after = access.result(on: before) else { return before }
    SimulatedMemory.write(after, access.address, access.width)
    for watch in watches where watch.condition.address == access.address {
      if watch.condition.holds(for: after) && !watch.condition.holds(for: before) {
        watch.notice(now)
      }
    }
    for spinner in threads {
      guard case .spin(let condition) = spinner.block, condition.address == access.address,
        condition.holds(for: after)
      else { continue }
      resume(spinner, at: now + costs.update, result: after)
    }
    return before
  }

  func spin(_ condition: Condition, _ thread: VirtualThread) -> UInt64 {
    if memory.isFreed(condition.address) { fail("uses an object after its end", thread) }
    let bits = SimulatedMemory.read(condition.address, condition.width)
    if condition.holds(for: bits) { return bits }
    openWaitSpan(thread, "spins")
    return wait(thread, .spin(condition), leavingProcessor: false)
  }

  // MARK: - Sleeping

  func park(_ word: UInt, _ expected: UInt32, _ deadline: UInt64?, _ thread: VirtualThread)
    -> UInt64
  {
    if SimulatedMemory.read(word, 4) != UInt64(expected) { return 1 }
    if let deadline, deadline <= now { return 0 }
    openWaitSpan(thread, "\(thread.name) sleeps")
    if let deadline { alarms.append(Alarm(time: deadline, action: .timeout(thread))) }
    return wait(thread, .park(word: word, deadline: deadline), leavingProcessor: true)
  }

  func wake(_ word: UInt, _ count: UInt32, _ waker: VirtualThread) -> UInt64 {
    var woken: UInt64 = 0
    for thread in threads where woken < UInt64(count) {
      guard case .park(word, _) = thread.block else { continue }
      alarms.removeAll { $0.isTimeout(of: thread) }
      if !waker.isHidden { thread.cause = recorder.latest(on: processors[waker.cpu].name) }
      resume(thread, at: now + costs.wakeLatency, result: 1)
      woken += 1
    }
    return woken
  }

  func delay(_ nanoseconds: UInt64, _ thread: VirtualThread) {
    let end = now &+ nanoseconds < now ? .max : now + nanoseconds
    if thread.isAtomic || !processors[thread.cpu].drawsThreads {
      thread.readyAt = end
      yieldTurn()
      return
    }
    alarms.append(Alarm(time: end, action: .timeout(thread)))
    openWaitSpan(thread, "\(thread.name) sleeps")
    _ = wait(thread, .delay, leavingProcessor: true)
  }

  func timeOut(_ thread: VirtualThread, at time: UInt64) {
    resume(thread, at: time, result: 0)
  }

  // MARK: - Levels

  func setLevel(_ level: Level, _ change: LevelChange, _ thread: VirtualThread) {
    let step = change == .off ? 1 : -1
    switch level {
    case .interrupts: thread.interruptsOff += step
    case .softirqs: thread.softirqsOff += step
    case .preemption: thread.preemptionOff += step
    }
    if min(thread.interruptsOff, thread.softirqsOff, thread.preemptionOff) < 0 {
      fail("unmasks what it had not masked", thread)
    }
    if change == .on {
      noteQuiescence(of: thread)
      // Whatever waited for this level comes before the thread's next step.
      yieldTurn()
    }
  }
}

extension Alarm {
  /// Whether this is the end of the thread's own wait.
  func isTimeout(of thread: VirtualThread) -> Bool {
    guard case .timeout(let waiting) = action else { return false }
    return waiting === thread
  }
}
