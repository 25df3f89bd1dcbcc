internal import Machine

extension ExplorationConductor {
  /// All threads have ended: makes the final claims and looks for what was left behind.
  func finish() {
    phase = .finishing
    let setup = threads[0]
    running = setup
    for thread in threads {
      setup.order.join(thread.order)
      setup.sync.join(thread.sync)
    }
    for body in finals where failure == nil { body() }
    if failure == nil { checkPromises() }
    if failure == nil { checkLeaks() }
  }

  private func checkPromises() {
    let open = obligations.filter { if case .open = $0.value { true } else { false } }
    guard let key = open.keys.min() else { return }
    fail(
      Failure(
        verdict: .callbackLost, rule: "callback-lost",
        message: "A callback in \(arena.describe(key)) was added, and neither ran nor was removed.",
        object: arena.object(at: key)))
  }

  private func checkLeaks() {
    guard
      let lost = arena.objects.firstIndex(where: { !$0.isFreed && !$0.isRetired })
    else { return }
    let object = arena.objects[lost]
    fail(
      Failure(
        verdict: .leak, rule: "leak",
        message: "\(object.type), allocated by \(threads[object.allocator].name), is never freed.",
        object: Int32(lost)))
  }

  /// A thread has ended: whatever it still holds will never be given back.
  func checkNothingLeftOpen(_ thread: VirtualThread) {
    if let lock = thread.held.last {
      fail(
        Failure(
          verdict: .lockMisuse, rule: "lock-misuse/left-held",
          message: "\(thread.name) ends and still holds a lock in \(arena.describe(lock)).",
          object: arena.object(at: lock)))
    } else if thread.readDepth > 0 {
      fail(
        Failure(
          verdict: .rcuMisuse, rule: "rcu-misuse/left-open",
          message: "\(thread.name) ends inside a read section."))
    } else if thread.interruptsOff + thread.softirqsOff + thread.preemptionOff > 0 {
      fail(
        Failure(
          verdict: .lockMisuse, rule: "lock-misuse/level",
          message: "\(thread.name) ends with interrupts or preemption switched off."))
    }
  }
}
