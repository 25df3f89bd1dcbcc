import Explorer
import Fences
import Kernel
import Machine
import Testing

/// R1: a reader takes the signaled bit for "all done" and frees the record of its callback.
@Suite(.serialized)
struct SignaledBitModelTests {
  /// The waiter frees its record once `isSignaled` says true.
  private func report(_ policy: SignaledBitPolicy, flagOnly: Bool) -> ExplorationReport {
    FencePolicy.with(FencePolicy(signaledBit: policy)) {
      explore("free when signaled") { lab in
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

  @Test(arguments: [true, false])
  func `read without the lock, the bit is no promise about callbacks`(_ flagOnly: Bool) {
    let report = report(.lockless, flagOnly: flagOnly)
    #expect(report.verdict == .useAfterFree, "\(report)")
  }

  @Test(arguments: [true, false])
  func `read under the lock, the bit promises that callbacks have run`(_ flagOnly: Bool) {
    let report = report(.underTheLock, flagOnly: flagOnly)
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `removing the callback first is a guarantee under either policy`() {
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
      #expect(report.verdict == .passed, "\(report)")
    }
  }

  @Test func `asking under the lock from a callback deadlocks with itself`() {
    let report = FencePolicy.with(FencePolicy(signaledBit: .underTheLock)) {
      explore("ask in a callback") { lab in
        let fence = Plain.fence()
        let callback = lab.allocate(FenceCallback())
        try? fence.addCallback(callback) { fence, _ in _ = fence.isSignaled() }
        lab.thread("signaler", cpu: 0) { fence.signal() }
      }
    }
    #expect(report.verdict == .deadlock, "\(report)")
  }
}
