// Signal with error: an interrupt says "done" while a timeout says "failed".
import ScenarioKit

let names = Machine.permanent(
  FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

/// One fence, an interrupt that completes it, and a timeout that gives it up.
func scenario(_ lab: Lab, _ giveUp: @escaping @Sendable (Fence) -> Void) {
  let fence = Fence.make(operations: names, context: 1, seqno: 1)
  lab.interrupt("completion", cpu: 0) { fence.signal() }
  lab.thread("timeout", cpu: 1) { giveUp(fence) }
  lab.finally {
    lab.outcome("the fence says \(fence.status())")
    fence.put()
  }
}

explore("set the error, then signal") { lab in
  scenario(lab) { fence in
    guard !fence.testSignaledFlag() else { return }
    fence.setError(.timeExpired)
    fence.signal()
  }
}

explore("both under the fence's lock") { lab in
  scenario(lab) { fence in
    fence.withLock {
      guard !fence.testSignaledFlag() else { return }
      fence.setError(.timeExpired)
      fence.signalLocked()
    }
  }
}
