import Explorer
import Fences
import Kernel
import Machine

extension WeakeningProgram {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "driver" }, timelineName: { _ in "timeline" }))

  private static func fence(_ context: UInt64) -> Fence {
    Fence.make(operations: operations, context: context, seqno: 1)
  }

  /// Fences.
  static let fences = [
    WeakeningProgram(name: "a lockless look finds the fence signaled") { lab in
      let fence = fence(1)
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
    WeakeningProgram(name: "an array is asked while it begins to wait for its children") { lab in
      let shared = lab.allocate(Shared())
      let (over, open) = (fence(1), fence(2))
      over.signal()
      guard let array = FenceArray.make([over, open.get()], context: 9, seqno: 1) else { return }
      lab.thread("enabler", cpu: 0) {
        array.fence.enableSignaling()
        Machine.spin(until: shared.record.x.equals(1, .relaxed))
        open.signal()
      }
      lab.thread("poller", cpu: 1) {
        lab.expect(!array.fence.isSignaled(), "one child is still pending")
        shared.record.x.store(1, .relaxed)
      }
      lab.finally {
        array.fence.put()
        open.put()
        lab.free(shared)
      }
    },
    WeakeningProgram(name: "a chain ends while its older node is unlinked") { lab in
      let (oldest, older, newest) = (fence(1), fence(2), fence(3))
      oldest.signal()
      guard let first = FenceChain.make(previous: nil, fence: oldest, seqno: 1),
        let second = FenceChain.make(previous: first.fence, fence: older, seqno: 2)
      else { return }
      let walked = second.fence.get()
      guard let third = FenceChain.make(previous: second.fence, fence: newest, seqno: 3) else {
        return
      }
      lab.thread("walker", cpu: 0) { FenceChain.walk(walked)?.put() }
      lab.thread("owner", cpu: 1) { third.fence.put() }
    },
    WeakeningProgram(name: "two threads take a driver's bit back") { lab in
      let fence = fence(1)
      fence.setDriverFlag(0)
      let shared = lab.allocate(Shared())
      lab.thread("P0", cpu: 0) {
        shared.record.x.store(1, .relaxed)
        if fence.testAndClearDriverFlag(0) { return }
        lab.expect(shared.record.y.load(.relaxed) == 1, "the first one's work is over")
      }
      lab.thread("P1", cpu: 1) {
        shared.record.y.store(1, .relaxed)
        if fence.testAndClearDriverFlag(0) { return }
        lab.expect(shared.record.x.load(.relaxed) == 1, "the first one's work is over")
      }
      lab.finally {
        fence.put()
        lab.free(shared)
      }
    },
    WeakeningProgram(name: "two threads enable signaling") { lab in
      let fence = fence(1)
      for cpu in 0..<2 { lab.thread("P\(cpu)", cpu: cpu) { fence.enableSignaling() } }
      lab.finally { fence.put() }
    },
  ]
}
