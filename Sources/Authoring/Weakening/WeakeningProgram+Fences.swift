import Explorer
import Fences
import Kernel
import Machine

extension WeakeningProgram {
  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "driver" }, timelineName: { _ in "timeline" }))

  /// Fences.
  static let fences = [
    WeakeningProgram(name: "a lockless look finds the fence signaled") { lab in
      let fence = Fence.make(operations: operations, context: 1, seqno: 1)
      let shared = lab.allocate(Shared())
      lab.thread("signaler", cpu: 0) {
        shared.record.x.store(1, .relaxed)
        fence.signal()
      }
      lab.thread("poller", cpu: 1) {
        guard fence.isSignaled() else { return }
        Machine.barrier(.read, edge: "program.look")
        lab.expect(shared.record.x.load(.relaxed) == 1, "the work is over")
      }
      lab.finally {
        fence.put()
        lab.free(shared)
      }
    },
    WeakeningProgram(name: "one thread gives a request back, and another takes it") { lab in
      let pool = RequestPool.make()
      lab.thread("P0", cpu: 0) { pool.request(context: 1, seqno: 1)?.put() }
      lab.thread("P1", cpu: 1) { pool.request(context: 2, seqno: 1, mayBlock: false)?.put() }
      lab.finally { pool.destroy() }
    },
    WeakeningProgram(name: "two threads enable signaling") { lab in
      let fence = Fence.make(operations: operations, context: 1, seqno: 1)
      for cpu in 0..<2 { lab.thread("P\(cpu)", cpu: cpu) { fence.enableSignaling() } }
      lab.finally { fence.put() }
    },
  ]
}
