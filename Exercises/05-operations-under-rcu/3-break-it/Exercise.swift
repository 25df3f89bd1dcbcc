// # Break it
//
// Upstream decides by the pointer whether a name is asked of the driver. Before June 2026 it
// decided by the signaled bit. Prove that something was lost with the change: write a scenario in
// which a driver does what the contract of 2025 asks, signals, waits for a grace period, frees
// what its names are made of, and in which a reader is inside all the same.
//
// Your scenario runs under both designs. Where the pointer decides, some execution must break the
// rule `use-after-free`. Where the flag decides, every execution must be free of errors. So it must
// be the reader's question for a name that fails, and nothing else may be wrong: what is allocated
// is freed once, each reference is given back, and nobody frees what may still be in use. See
// [which tables stay](../../../Lessons/05-operations-under-rcu/lesson.md#which-tables-stay).

import ExerciseKit

/// What the name of a timeline is made of.
struct Ring: ~Copyable {
  let number = Cell<UInt32>(0)
}

/// Builds one world; the explorer then tries every order of its threads' steps.
public func scenario(_ lab: Lab) {
  let ring = lab.allocate(Ring())

  // Change the code below this line …
  //
  // 1. A table of operations. The kind of table decides whether a signaled fence lets it go.
  // 2. A driver that signals, and frees the ring when the contract allows it.
  // 3. A reader that asks for the name that is made of the ring.
  let table = lab.allocate(
    FenceOperations(
      driverName: { _ in "lab" },
      timelineName: { _ in "ring \(ring.record.number.value)" }))
  let fence = Fence.make(operations: table, context: 1, seqno: 1)

  lab.thread("driver", cpu: 0) {
    fence.signal()
    lab.free(ring)
  }
  // … and above this line.

  lab.finally {
    fence.put()
    RCU.synchronize()
    lab.free(table)
  }
}
