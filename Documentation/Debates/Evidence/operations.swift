// Operations under RCU: a driver unloads the table behind a fence that others still hold.
import ScenarioKit

/// A table that can be unloaded; with a `release` member its fences never let it go.
func table(_ lab: Lab, release: (@Sendable (Fence) -> Void)? = nil) -> Object<FenceOperations> {
  lab.allocate(
    FenceOperations(
      driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }, release: release))
}

explore("the table may be unloaded once the fence is signaled") { lab in
  let operations = table(lab)
  let fence = Fence.make(operations: operations, context: 1, seqno: 1)
  lab.thread("driver", cpu: 0) {
    fence.signal()
    lab.free(operations)
  }
  lab.thread("reader", cpu: 1) { _ = fence.driverName }
  lab.finally { fence.put() }
}

explore("it may be unloaded a grace period after that") { lab in
  let operations = table(lab)
  let fence = Fence.make(operations: operations, context: 1, seqno: 1)
  lab.thread("driver", cpu: 0) {
    fence.signal()
    RCU.synchronize()
    lab.free(operations)
  }
  lab.thread("reader", cpu: 1) { _ = fence.driverName }
  lab.finally { fence.put() }
}

explore("a grace period suffices for a table with `release`, too") { lab in
  let operations = table(lab, release: { $0.free() })
  let fence = Fence.make(operations: operations, context: 1, seqno: 1)
  lab.thread("driver", cpu: 0) {
    fence.signal()
    RCU.synchronize()
    lab.free(operations)
  }
  lab.thread("reader", cpu: 1) { _ = fence.driverName }
  lab.finally { fence.put() }
}
