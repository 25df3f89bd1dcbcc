// Whose lock: a driver lends its lock to a fence that outlives the driver's record.
import ScenarioKit

/// What the driver keeps for its fences.
struct Timeline: ~Copyable {
  let lock = SpinLock()
  let owners = ReferenceCount(2)

  static let lock = FieldOffset<Timeline, SpinLock> { $0.lock.address }
}

let names = Machine.permanent(
  FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

explore("the driver may free its lock once the fence is signaled") { lab in
  let timeline = lab.allocate(Timeline())
  let lock = Timeline.lock.field(of: timeline)
  let fence = Fence.make(operations: names, lock: lock, context: 1, seqno: 1).get()
  lab.thread("driver", cpu: 0) {
    fence.signal()
    fence.put()
    lab.free(timeline)
  }
  lab.thread("importer", cpu: 1) {
    _ = fence.status()
    fence.put()
  }
}

explore("it may once the importer has counted itself out of the timeline") { lab in
  let timeline = lab.allocate(Timeline())
  let lock = Timeline.lock.field(of: timeline)
  let fence = Fence.make(operations: names, lock: lock, context: 1, seqno: 1).get()
  lab.thread("driver", cpu: 0) {
    fence.signal()
    fence.put()
    if timeline.record.owners.put() { lab.free(timeline) }
  }
  lab.thread("importer", cpu: 1) {
    _ = fence.status()
    fence.put()
    if timeline.record.owners.put() { lab.free(timeline) }
  }
}

explore("a fence with a lock of its own needs nothing of the driver's") { lab in
  let timeline = lab.allocate(Timeline())
  let fence = Fence.make(operations: names, context: 1, seqno: 1).get()
  lab.thread("driver", cpu: 0) {
    fence.signal()
    fence.put()
    lab.free(timeline)
  }
  lab.thread("importer", cpu: 1) {
    _ = fence.status()
    fence.put()
  }
}
