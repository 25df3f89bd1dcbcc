public import Machine

extension CacheModel: Observer {
  /// Turns what a run did into accesses.
  public func observe(_ step: ObservedStep) {
    if case .allocate(let request) = step.event {
      return place(
        UInt(step.result), bytes: request.bytes, alignment: request.alignment, type: request.type)
    }
    guard step.moment != .outsideThreads else { return }
    precondition(
      step.cpu < machine.cpuCount, "the run uses CPU \(step.cpu); give the machine more CPUs")
    if step.moment == .waits {
      observeWait(step.event, by: step.cpu)
    } else {
      observeDone(step.event, by: step.cpu, hasWaited: step.hasWaited)
    }
  }

  private func observeWait(_ event: Event, by cpu: Int) {
    switch event {
    case .spin(let condition): read(condition.address, by: cpu)
    case .acquire(let step):
      // The attempt that fails writes the word too.
      update(step.lock, by: cpu)
      read(step.lock, by: cpu)
    case .park(let word, _, _): read(word, by: cpu)
    default: break
    }
  }

  private func observeDone(_ event: Event, by cpu: Int, hasWaited: Bool) {
    switch event {
    case .access(let access): observe(access, by: cpu)
    case .barrier(let kind, _):
      if kind == .full || kind == .afterSpinlock || kind == .afterUnlockLock { barrier(by: cpu) }
    case .membarrier: for every in 0..<machine.cpuCount { barrier(by: every) }
    case .spin(let condition): read(condition.address, by: cpu)
    case .acquire(let step):
      if hasWaited { read(step.lock, by: cpu) }
      update(step.lock, by: cpu)
    case .tryAcquire(let step): update(step.lock, by: cpu)
    case .release(let step): write(step.lock, by: cpu)
    case .isHeld(let lock): read(lock, by: cpu)
    case .park(let word, _, _): if !hasWaited { read(word, by: cpu) }
    default: break
    }
  }

  private func observe(_ access: Access, by cpu: Int) {
    switch access.kind {
    case .load: read(access.address, by: cpu)
    case .store where access.storeOrdering == .full:
      write(access.address, by: cpu)
      barrier(by: cpu)
    case .store: write(access.address, by: cpu)
    case .exchange, .compareExchange, .add, .or, .and: update(access.address, by: cpu)
    }
  }
}
