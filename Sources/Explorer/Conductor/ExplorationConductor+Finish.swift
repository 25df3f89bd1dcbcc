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
    if failure == nil, let leak = Failure.leak(in: arena, of: threads) { fail(leak) }
  }

  private func checkPromises() {
    let open = obligations.filter { if case .open = $0.value { true } else { false } }
    guard let key = open.keys.min() else { return }
    fail(.callbackLost(key, in: arena))
  }
}
