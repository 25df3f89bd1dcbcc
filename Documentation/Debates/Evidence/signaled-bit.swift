// The signaled bit: may the waiter free its record when it reads "signaled"?
import ScenarioKit

/// What the waiter keeps while it waits; the fence's list leads to it.
struct Job: ~Copyable {
  let callback = FenceCallback()
  let result = Cell<UInt64>(0)

  static let callback = FieldOffset<Job, FenceCallback> { $0.callback.address }
  static let body = FenceCallback.Function { _, callback in
    Job.callback.record(around: callback).record.result.value = 1
  }
}

let names = Machine.permanent(
  FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

/// A signaler, and a waiter that frees its record after `farewell`.
func scenario(_ lab: Lab, _ farewell: @escaping @Sendable (Fence, Object<Job>) -> Void) {
  let job = lab.allocate(Job())
  let isFreed = lab.allocate(Word<Bool>(false))
  let fence = Fence.make(operations: names, context: 1, seqno: 1)
  try? fence.addCallback(Job.callback.field(of: job), Job.body)
  lab.thread("signaler", cpu: 0) { fence.signal() }
  lab.thread("waiter", cpu: 1) {
    guard fence.isSignaled() else { return }
    farewell(fence, job)
    lab.free(job)
    isFreed.record.store(true, .relaxed)
  }
  lab.finally {
    if !isFreed.record.load(.relaxed) { lab.free(job) }
    lab.free(isFreed)
    fence.put()
  }
}

explore("told yes, the waiter may free its record") { lab in
  scenario(lab) { _, _ in }
}

explore("told yes under the lock, it may", under: FencePolicy(signaledBit: .underTheLock)) { lab in
  scenario(lab) { _, _ in }
}

explore("told yes, it may after taking and dropping the fence's lock") { lab in
  scenario(lab) { fence, _ in fence.withLock {} }
}

explore("told yes, it may after `removeCallback`") { lab in
  scenario(lab) { fence, job in _ = fence.removeCallback(Job.callback.field(of: job)) }
}

explore("told yes, it may after a grace period") { lab in
  scenario(lab) { _, _ in RCU.synchronize() }
}
