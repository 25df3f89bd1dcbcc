import Explorer
import Fences
import Kernel
import Machine
import Testing

/// R1: a reader takes the signaled bit for "all done" and frees the record of its callback.
@Suite(.serialized)
struct SignaledBitModelTests {
  /// The waiter frees its record once `isSignaled` says true.
  private func report(
    _ policy: SignaledBitPolicy, flagOnly: Bool, memory: ExplorationOptions.Memory = .sequential
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = memory
    return FencePolicy.with(FencePolicy(signaledBit: policy)) {
      explore("free when signaled", options: options) { lab in
        let fence = Plain.fence()
        let counting = Counting()
        try? counting.add(to: fence)
        fence.get()
        lab.thread("signaler", cpu: 0) {
          fence.signal()
          fence.put()
        }
        lab.thread("waiter", cpu: 1) {
          let isSignaled = flagOnly ? fence.testSignaledFlag() : fence.isSignaled()
          if !isSignaled { fence.removeCallback(counting.handle) }
          counting.free()
          fence.put()
        }
      }
    }
  }

  @Test(
    arguments: [SignaledBitPolicy.lockless, .lockUnlessSignaled],
    [ExplorationOptions.Memory.sequential, .weak])
  func `where the bit comes first and nobody waits, it is no promise about callbacks`(
    policy: SignaledBitPolicy, memory: ExplorationOptions.Memory
  ) {
    for flagOnly in [true, false] {
      let report = report(policy, flagOnly: flagOnly, memory: memory)
      #expect(report.verdict == .useAfterFree, "\(report)")
    }
  }

  @Test(
    arguments: [
      SignaledBitPolicy.underTheLock, .afterCallbacks, .locklessThenLock, .hazardPointer,
    ], [ExplorationOptions.Memory.sequential, .weak])
  func `where the bit comes last or the reader waits, it promises that callbacks have run`(
    policy: SignaledBitPolicy, memory: ExplorationOptions.Memory
  ) {
    for flagOnly in [true, false] {
      let report = report(policy, flagOnly: flagOnly, memory: memory)
      #expect(report.verdict == .passed, "\(report)")
      print("\(policy), \(memory): \(report.executions) executions")
    }
  }

  @Test(arguments: SignaledBitPolicy.allCases, ExplorationOptions.Memory.allCases)
  func `after signaling nobody is in the driver if questions hold the lock or post a hazard`(
    policy: SignaledBitPolicy, memory: ExplorationOptions.Memory
  ) {
    var options = ExplorationOptions()
    options.memory = memory
    let report = FencePolicy.with(FencePolicy(signaledBit: policy)) {
      explore("free after signaling", options: options) { lab in
        let isDone = lab.allocate(Cell<UInt32>(0))
        let table = lab.allocate(
          FenceOperations(
            driverName: { _ in "lab" }, timelineName: { _ in "ring" },
            isSignaled: { _ in isDone.record.value == 1 }))
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
    }
    let holds: [SignaledBitPolicy] = [.underTheLock, .lockUnlessSignaled, .hazardPointer]
    #expect(report.verdict == (holds.contains(policy) ? .passed : .useAfterFree), "\(report)")
  }

  @Test func `removing the callback first is a guarantee under every policy`() {
    for policy in SignaledBitPolicy.allCases {
      let report = FencePolicy.with(FencePolicy(signaledBit: policy)) {
        explore("remove, then free") { lab in
          let fence = Plain.fence()
          let counting = Counting()
          try? counting.add(to: fence)
          lab.thread("signaler", cpu: 0) { fence.signal() }
          lab.thread("waiter", cpu: 1) {
            Machine.spin(until: fence.signaledFlag)
            fence.removeCallback(counting.handle)
            counting.free()
          }
          lab.finally { fence.put() }
        }
      }
      #expect(report.verdict == .passed, "\(policy): \(report)")
    }
  }

  @Test(arguments: SignaledBitPolicy.allCases)
  func `asking from a callback deadlocks where the question waits for the callbacks`(
    policy: SignaledBitPolicy
  ) {
    let report = FencePolicy.with(FencePolicy(signaledBit: policy)) {
      explore("ask in a callback") { lab in
        let fence = Plain.fence()
        let callback = lab.allocate(FenceCallback())
        try? fence.addCallback(callback) { fence, _ in _ = fence.isSignaled() }
        lab.thread("signaler", cpu: 0) { fence.signal() }
        lab.finally {
          fence.put()
          lab.free(callback)
        }
      }
    }
    let waits: [SignaledBitPolicy: Verdict] = [
      .underTheLock: .deadlock, .locklessThenLock: .deadlock, .hazardPointer: .endlessWait,
    ]
    #expect(report.verdict == waits[policy] ?? .passed, "\(report)")
  }

  @Test func `a callback may signal its own fence again, though its bit comes last`() {
    let report = FencePolicy.with(FencePolicy(signaledBit: .afterCallbacks)) {
      explore("signal in a callback") { lab in
        let fence = Plain.fence()
        let counting = Counting()
        let callback = lab.allocate(FenceCallback())
        try? fence.addCallback(callback) { fence, _ in
          lab.expect(fence.checkAndSignalLocked(), "the signal is claimed already")
        }
        try? counting.add(to: fence)
        lab.thread("signaler", cpu: 0) { fence.signal() }
        lab.finally {
          lab.expect(counting.calls == 1, "each callback runs once")
          fence.put()
          counting.free()
          lab.free(callback)
        }
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  /// A thread that holds the first hazard asks for one more while another holds all the rest.
  ///
  /// - Parameter levels: How deep the other's containers nest.
  private func nested(levels: Int) -> ExplorationReport {
    FencePolicy.with(FencePolicy(signaledBit: .hazardPointer)) {
      explore("hazards of nested containers", options: ExplorationOptions()) { lab in
        let isIn = lab.allocate(Word<UInt32>(0))
        let child = Asking(lab) {}
        let asker = Asking(lab) {
          // relaxed: only the order of the steps counts.
          isIn.record.store(1, .relaxed)
          Machine.spin(until: isIn.record.equals(2, .relaxed))
          _ = child.fence.isSignaled()
        }
        let nest = (1..<levels).reduce(into: [Asking(lab) { isIn.record.store(2, .relaxed) }]) {
          nest, _ in
          let inner = nest[nest.count - 1].fence
          nest.append(Asking(lab) { _ = inner.isSignaled() })
        }
        lab.thread("asker", cpu: 0) { _ = asker.fence.isSignaled() }
        lab.thread("other", cpu: 1) {
          Machine.spin(until: isIn.record.equals(1, .relaxed))
          _ = nest[levels - 1].fence.isSignaled()
        }
        lab.finally {
          for asking in [child, asker] + nest { asking.end(lab) }
          lab.free(isIn)
        }
      }
    }
  }

  @Test func `whoever holds the first hazard and finds none notices any that becomes free`() {
    let report = nested(levels: Fences.Limits.hazardCount - 1)
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `one thread that nests deeper than there are hazards waits for itself`() {
    let report = nested(levels: Fences.Limits.hazardCount)
    #expect(report.verdict != .passed, "\(report)")
  }
}

/// A fence whose driver does something when it is asked, and says no.
private struct Asking: Sendable {
  let fence: Fence
  private let table: Object<FenceOperations>

  init(_ lab: Lab, _ body: @escaping @Sendable () -> Void) {
    table = lab.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring" },
        isSignaled: { _ in
          body()
          return false
        }))
    fence = Fence.make(operations: table, context: 1, seqno: 1)
  }

  func end(_ lab: Lab) {
    fence.signal()
    fence.put()
    lab.free(table)
  }
}
