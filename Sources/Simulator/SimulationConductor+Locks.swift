import Machine

/// Who holds a lock and who waits for it, first come first served.
final class LockState {
  var owner: VirtualThread?
  var waiters: [VirtualThread] = []
}

extension SimulationConductor {
  func acquire(_ step: LockStep, _ thread: VirtualThread) {
    lockOrder?.acquired(step, tried: false, by: thread)
    noteUse(of: step.lock, thread)
    let lock = state(of: step.lock)
    if lock.owner == nil {
      lock.owner = thread
    } else {
      if lock.owner === thread { fail("takes a lock it holds", thread) }
      openWaitSpan(thread, "waits for a lock")
      lock.waiters.append(thread)
      _ = wait(thread, .lock(step), leavingProcessor: step.kind == .sleeping)
    }
    if step.kind == .spinning { thread.spinlocksHeld += 1 }
  }

  func tryAcquire(_ step: LockStep, _ thread: VirtualThread) -> Bool {
    noteUse(of: step.lock, thread)
    let lock = state(of: step.lock)
    guard lock.owner == nil else { return false }
    lock.owner = thread
    lockOrder?.acquired(step, tried: true, by: thread)
    if step.kind == .spinning { thread.spinlocksHeld += 1 }
    return true
  }

  func release(_ step: LockStep, _ thread: VirtualThread) {
    let lock = state(of: step.lock)
    guard lock.owner === thread else {
      fail("gives back a lock it does not hold", thread)
      return
    }
    lockOrder?.released(step.lock, by: thread)
    if step.kind == .spinning { thread.spinlocksHeld -= 1 }
    lock.owner = lock.waiters.isEmpty ? nil : lock.waiters.removeFirst()
    if let next = lock.owner {
      let latency = step.kind == .sleeping ? costs.wakeLatency : costs.update
      resume(next, at: now + latency, result: 0)
    } else {
      // A lock's memory may become another lock, so only held ones are kept.
      locks[step.lock] = nil
    }
    noteQuiescence(of: thread)
  }

  private func noteUse(of lock: UInt, _ thread: VirtualThread) {
    if memory.isFreed(lock) { fail("takes a lock of an object that has ended", thread) }
  }

  private func state(of lock: UInt) -> LockState {
    if let known = locks[lock] { return known }
    let new = LockState()
    locks[lock] = new
    return new
  }
}
