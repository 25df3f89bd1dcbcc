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
    let before = memory.read(access.address, access.width)
    guard let after = access.result(on: before) else { return before }
    memory.write(after, access.address, access.width)
    for watch in watches where watch.condition.address == access.address {
      if watch.condition.holds(for: after) && !watch.condition.holds(for: before) {
        watch.notice(now)
      }
    }
    endSpins(on: access.address, seeing: after)
    return before
  }

  func spin(_ condition: Condition, _ thread: VirtualThread) -> UInt64 {
    if memory.isFreed(condition.address) { fail("uses an object after its end", thread) }
    let bits = memory.read(condition.address, condition.width)
    if condition.holds(for: bits) { return bits }
    openWaitSpan(thread, "spins")
    spinners[condition.address, default: []].append(thread)
    return wait(thread, .spin(condition), leavingProcessor: false)
  }

  private func endSpins(on word: UInt, seeing bits: UInt64) {
    guard !spinners.isEmpty, let waiting = spinners[word] else { return }
    spinners[word] = nil
    for thread in waiting {
      if case .spin(let condition) = thread.block, !condition.holds(for: bits) {
        spinners[word, default: []].append(thread)
      } else {
        resume(thread, at: now + costs.update, result: bits)
      }
    }
  }

  // MARK: - Sleeping

  func park(_ word: UInt, _ expected: UInt32, _ deadline: UInt64?, _ thread: VirtualThread)
    -> UInt64
  {
    if memory.read(word, 4) != UInt64(expected) { return 1 }
    if let deadline, deadline <= now { return 0 }
    openWaitSpan(thread, "\(thread.name) sleeps")
    sleepers[word, default: []].append(thread)
    if let deadline { thread.alarm = setAlarm(at: deadline, .timeout(thread)) }
    return wait(thread, .park(word: word, deadline: deadline), leavingProcessor: true)
  }

  func wake(_ word: UInt, _ count: UInt32, _ waker: VirtualThread) -> UInt64 {
    guard var waiting = sleepers[word] else { return 0 }
    let woken = waiting.prefix(Int(count))
    waiting.removeFirst(woken.count)
    sleepers[word] = waiting.isEmpty ? nil : waiting
    for thread in woken {
      if let alarm = thread.alarm { alarms.remove(alarm) }
      thread.alarm = nil
      if !waker.isHidden { thread.cause = recorder.latest(on: processors[waker.cpu].name) }
      resume(thread, at: now + costs.wakeLatency, result: 1)
    }
    return UInt64(woken.count)
  }

  func delay(_ nanoseconds: UInt64, _ thread: VirtualThread) {
    let end = now &+ nanoseconds < now ? .max : now + nanoseconds
    if thread.isAtomic || !processors[thread.cpu].drawsThreads {
      thread.readyAt = end
      noteChange(of: processors[thread.cpu])
      yieldTurn()
      return
    }
    thread.alarm = setAlarm(at: end, .timeout(thread))
    openWaitSpan(thread, "\(thread.name) sleeps")
    _ = wait(thread, .delay, leavingProcessor: true)
  }

  @discardableResult func setAlarm(at time: UInt64, _ action: Alarm.Action) -> Alarm {
    horizon = min(horizon, time)
    return alarms.set(at: time, action)
  }

  func timeOut(_ thread: VirtualThread, at time: UInt64) {
    if case .park(let word, _) = thread.block {
      let others = sleepers[word, default: []].filter { $0 !== thread }
      sleepers[word] = others.isEmpty ? nil : others
    }
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
      let processor = processors[thread.cpu]
      if !processor.interrupts.isEmpty || !processor.softirqs.isEmpty {
        noteChange(of: processor)
      }
      noteQuiescence(of: thread)
      if level == .interrupts { lockOrder?.interruptsEnabled(by: thread) }
      // Whatever waited for this level comes before the thread's next step.
      yieldTurn()
    }
  }
}
