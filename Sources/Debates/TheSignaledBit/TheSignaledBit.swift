internal import Explorer
internal import Fences
internal import Kernel
internal import Machine

extension Debate {
  /// What a fence that reads as signaled promises.
  public static let theSignaledBit = Debate(
    name: "the-signaled-bit",
    question: """
      When a fence reads as signaled, are its callbacks over, and is nobody inside the \
      driver?
      """,
    workloads: bitWorkloads, probe: bitProbe, designs: bitDesigns)

  private static let bitWorkloads: [Workload] = [
    Workload("callbacks", "told yes, a waiter may free the record of its callback") {
      freeWhenToldYes($0)
    },
    Workload("driver", "having signaled, a driver may free what a question looks at") {
      freeHavingSignaled($0)
    },
    Workload(
      "driver-lock", "a question may take a lock that is held around signaling",
      memories: [.sequential]
    ) { lockInsideAndOutside($0) },
    Workload("reentry", "a callback may ask its own fence", memories: [.sequential]) {
      askInCallback($0)
    },
  ]

  private static let bitProbe = Probe("a question to a signaled fence") { lab in
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    fence.signal()
    lab.finally { fence.put() }
    return { _ = fence.isSignaled() }
  }

  private static let bitDesigns: [Design] = [
    Design(
      name: "lockless", summary: "the bit alone", origin: .upstream,
      remember: """
        Yes promises nothing about callbacks or about the driver: remove the callback, \
        take the lock, or wait for a grace period.
        """,
      twin: ("under-the-lock", "the bit is read without the lock")),
    Design(
      name: "under-the-lock", summary: "the lock around every question", origin: .proposed,
      policy: FencePolicy(signaledBit: .underTheLock),
      remember: """
        The fence's lock comes before every lock that a question takes; a callback may \
        not ask its own fence.
        """,
      twin: ("lockless", "the bit is read with the lock")),
    Design(
      name: "lock-unless-signaled", summary: "the lock where the driver must be asked",
      origin: .proposed, policy: FencePolicy(signaledBit: .lockUnlessSignaled),
      remember: """
        Nobody is inside the driver after the signal, but yes still says nothing about \
        callbacks; locks as under the lock.
        """,
      twin: ("under-the-lock", "a set bit is seen without the lock")),
    Design(
      name: "after-callbacks", summary: "the bit set last, with a release",
      origin: .reconstruction, policy: FencePolicy(signaledBit: .afterCallbacks),
      remember: """
        In its callbacks a fence does not read as signaled yet; the driver still waits \
        for a grace period before it goes.
        """,
      twin: ("lockless", "the bit is set after the callbacks")),
    Design(
      name: "lockless-then-lock", summary: "told yes, the lock is taken and given back",
      origin: .rust, policy: FencePolicy(signaledBit: .locklessThenLock),
      remember: """
        A callback may not ask its own fence; the driver still waits for a grace period \
        before it goes.
        """,
      twin: ("lockless", "whoever is told yes takes the lock once")),
    Design(
      name: "hazard-pointer", summary: "whoever is inside says so, and others wait for it",
      origin: .reconstruction, policy: FencePolicy(signaledBit: .hazardPointer),
      remember: """
        Signaling waits for questions that are inside the driver, so nothing that they \
        take may be held around it; a callback may not ask its own fence.
        """,
      twin: ("lockless", "callbacks and questions run under a posted hazard")),
  ]

  // MARK: - Workloads

  private static func freeWhenToldYes(_ lab: Lab) {
    let job = lab.allocate(Job())
    let callback = Job.callback.field(of: job)
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    try? fence.addCallback(callback, Job.body)
    lab.thread("signaler", cpu: 0) { fence.signal() }
    lab.thread("waiter", cpu: 1) {
      if !fence.isSignaled() { fence.removeCallback(callback) }
      lab.free(job)
    }
    lab.finally { fence.put() }
  }

  private static func freeHavingSignaled(_ lab: Lab) {
    let isDone = lab.allocate(Cell<Bool>(false))
    let table = lab.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        isSignaled: { _ in isDone.record.value }))
    let fence = Fence.make(operations: table, context: 1, seqno: 1)
    lab.thread("driver", cpu: 0) {
      fence.signal()
      lab.free(isDone)
    }
    lab.thread("poller", cpu: 1) { _ = fence.isSignaled() }
    lab.finally {
      fence.put()
      lab.free(table)
    }
  }

  private static func lockInsideAndOutside(_ lab: Lab) {
    let ring = lab.allocate(SpinLock())
    let table = lab.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        isSignaled: { _ in ring.record.withLockIRQSave { false } }))
    let fence = Fence.make(operations: table, context: 1, seqno: 1)
    lab.thread("driver", cpu: 0) { ring.record.withLockIRQSave { fence.signal() } }
    lab.thread("poller", cpu: 1) { _ = fence.isSignaled() }
    lab.finally {
      fence.put()
      lab.free(table)
      lab.free(ring)
    }
  }

  private static func askInCallback(_ lab: Lab) {
    let callback = lab.allocate(FenceCallback())
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    try? fence.addCallback(callback, asking)
    lab.thread("signaler", cpu: 0) { fence.signal() }
    lab.finally {
      fence.put()
      lab.free(callback)
    }
  }

  private static let asking = FenceCallback.Function { fence, _ in _ = fence.isSignaled() }
}

/// What the waiter keeps while it waits; the fence's list leads to it.
private struct Job: ~Copyable {
  let callback = FenceCallback()
  let result = Cell<UInt64>(0)

  static let callback = FieldOffset<Job, FenceCallback> { $0.callback.address }
  static let body = FenceCallback.Function { _, callback in
    Job.callback.record(around: callback).record.result.value = 1
  }
}
