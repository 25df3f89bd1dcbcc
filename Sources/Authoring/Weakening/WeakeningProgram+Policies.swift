import Explorer
import Fences
import Kernel
import Machine

extension WeakeningProgram {
  private struct Errand: ~Copyable {
    let callback = FenceCallback()
    let output = Cell<UInt32>(0)

    static let callback = FieldOffset<Errand, FenceCallback> { $0.callback.address }
    static let body = FenceCallback.Function { _, callback in
      Errand.callback.record(around: callback).record.output.value = 1
    }
  }

  /// A waiter that frees its record when it knows that the fence is signaled.
  private static func free(_ lab: Lab, when isSignaled: @escaping @Sendable (Fence) -> Bool) {
    let errand = lab.allocate(Errand())
    let callback = Errand.callback.field(of: errand)
    let fence = Fence.make(operations: operations, context: 1, seqno: 1)
    try? fence.addCallback(callback, Errand.body)
    lab.thread("signaler", cpu: 0) { fence.signal() }
    lab.thread("waiter", cpu: 1) {
      if !isSignaled(fence) { fence.removeCallback(callback) }
      lab.free(errand)
    }
    lab.finally { fence.put() }
  }

  /// Designs that are not upstream's.
  static let policies = [
    WeakeningProgram(
      name: "the bit comes last, and the waiter frees its record",
      policy: FencePolicy(signaledBit: .afterCallbacks)
    ) { free($0) { $0.isSignaled() } },
    WeakeningProgram(
      name: "the bit comes last, and the waiter spins on it",
      policy: FencePolicy(signaledBit: .afterCallbacks)
    ) {
      free($0) { fence in
        Machine.spin(until: fence.signaledFlag)
        return true
      }
    },
    WeakeningProgram(
      name: "the waiter looks for the signaler's hazard and frees its record",
      policy: FencePolicy(signaledBit: .hazardPointer)
    ) { free($0) { $0.isSignaled() } },
    WeakeningProgram(
      name: "a driver frees what a late question looks at",
      policy: FencePolicy(signaledBit: .hazardPointer)
    ) { lab in
      let shared = lab.allocate(Shared())
      let table = lab.allocate(
        FenceOperations(
          driverName: { _ in "driver" }, timelineName: { _ in "timeline" },
          isSignaled: { _ in shared.record.cell.value == 1 }))
      let fence = Fence.make(operations: table, context: 1, seqno: 1)
      lab.thread("driver", cpu: 0) {
        fence.signal()
        lab.free(shared)
      }
      lab.thread("poller", cpu: 1) { _ = fence.isSignaled() }
      lab.finally {
        fence.put()
        lab.free(table)
      }
    },
    WeakeningProgram(
      name: "the last fence lets its module go",
      policy: FencePolicy(operationsLifetime: .modulePinned)
    ) { lab in
      let table = lab.allocate(
        FenceOperations(driverName: { _ in "driver" }, timelineName: { _ in "timeline" }))
      let fence = Fence.make(operations: table, context: 1, seqno: 1)
      fence.signal()
      let isLoaded = lab.allocate(Word<Bool>(true))
      lab.thread("owner", cpu: 0) { fence.put() }
      lab.thread("driver", cpu: 1) {
        do throws(Errno) {
          try FenceOperations.unload(table)
          // relaxed: read when the threads are over.
          isLoaded.record.store(false, .relaxed)
        } catch {}
      }
      lab.finally {
        if isLoaded.record.load(.relaxed) { lab.free(table) }
        lab.free(isLoaded)
      }
    },
  ]
}
