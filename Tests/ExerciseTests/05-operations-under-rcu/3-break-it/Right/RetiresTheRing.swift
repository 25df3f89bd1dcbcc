// expects: passed

import ExerciseKit

/// What the name of a timeline is made of.
struct Ring: ~Copyable {
  let number = Cell<UInt32>(0)
}

/// Builds one world; the explorer then tries every order of its threads' steps.
public func scenario(_ lab: Lab) {
  let ring = lab.allocate(Ring())

  let table = lab.allocate(
    FenceOperations(
      driverName: { _ in "lab" },
      timelineName: { _ in "ring \(ring.record.number.value)" },
      release: { fence in fence.free() }))
  let fence = Fence.make(operations: table, context: 1, seqno: 1)

  lab.thread("driver", cpu: 0) {
    fence.signal()
    RCU.free(ring)
  }
  lab.thread("reader", cpu: 1) { _ = fence.timelineName }

  lab.finally {
    fence.put()
    RCU.synchronize()
    lab.free(table)
  }
}
