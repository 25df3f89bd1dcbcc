import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Readers of a published fence whose memory may be another fence's by the time they look.
@Suite(.serialized)
struct RecyclingModelTests {
  @Test func `26 · taking a reference alone returns another request's fence`() {
    let report = explore("get_rcu on recycled memory") { lab in
      let world = World(lab)
      lab.thread("reader", cpu: 0) {
        let fence = RCU.withReadLock { RCU.dereference(world.word.record)?.getUnlessZero() }
        guard let fence else { return }
        lab.expect(fence.seqno == 1, "the fence is the one that was published")
        fence.put()
      }
      lab.thread("writer", cpu: 1) { world.replace(publishing: false) }
      lab.finally { world.end() }
    }
    #expect([.expectationFailed, .dataRace].contains(report.verdict), "\(report)")
  }

  @Test func `26 · looking again after taking the reference returns the published fence or none`() {
    let report = explore("get_rcu_safe on recycled memory") { lab in
      let world = World(lab)
      lab.thread("reader", cpu: 0) {
        let fence = RCU.withReadLock { Fence.get(from: world.word.record) }
        lab.expect(fence.map { $0.seqno == 1 } ?? true, "the fence is the one that was published")
        lab.outcome(fence == nil ? "none" : "the fence")
        fence?.put()
      }
      lab.thread("writer", cpu: 1) { world.replace(publishing: false) }
      lab.finally { world.end() }
    }
    print("get_rcu_safe: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["none", "the fence"])
  }

  // Whether the second look orders what the fence holds. It is a relaxed load, as upstream's; the
  // full barrier of the reference stands before it and not behind it. x86 keeps loads in order.
  @Test(arguments: [(false, Verdict.dataRace), (true, Verdict.passed)])
  func `a fence that is published anew at the same address is whole if the second look orders`(
    _ pair: (orders: Bool, verdict: Verdict)
  ) {
    let report = explore("get_rcu_safe on memory published again") { lab in
      let world = World(lab)
      lab.thread("reader", cpu: 0) {
        let word = world.word
        let fence = RCU.withReadLock {
          pair.orders ? getInOrder(from: word.record) : Fence.get(from: word.record)
        }
        if let fence {
          lab.outcome("\(fence.seqno)")
          fence.put()
        } else {
          lab.outcome("none")
        }
      }
      lab.thread("writer", cpu: 1) { world.replace(publishing: true) }
      lab.finally { world.end() }
    }
    print("get_rcu_safe, published again, \(pair): \(report.executions) executions")
    #expect(report.verdict == pair.verdict, "\(report)")
    if pair.orders {
      #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["1", "2", "none"])
    }
  }

  private func getInOrder(from word: borrowing Word<Fence?>) -> Fence? {
    while true {
      guard let fence = RCU.dereference(word) else { return nil }
      guard fence.getUnlessZero() != nil else { continue }
      let again = RCU.dereference(word)
      if again == fence { return again }
      fence.put()
    }
  }

  @Test func `one request is kept for whoever must not fail`() {
    let pool = RequestPool.make()
    let first = pool.request(context: 1, seqno: 1)
    first?.put()
    let second = pool.request(context: 1, seqno: 2, mayBlock: false)
    #expect(second == first && second?.seqno == 2)
    let third = pool.request(context: 1, seqno: 3)
    #expect(third != nil && third != second)
    second?.put()
    third?.put()
    let fourth = pool.request(context: 1, seqno: 4)
    #expect(fourth == third)
    fourth?.put()
    pool.destroy()
    RCU.barrier()
  }

  /// A pool, and a word in which its first request is published.
  private struct World: Sendable {
    let pool = RequestPool.make()
    let word: Object<Word<Fence?>>

    init(_ lab: Lab) {
      word = lab.allocate(Word<Fence?>(nil))
      // The reserve is filled, so that what comes back goes to the slab.
      let requests = (0...1).compactMap { pool.request(context: 7, seqno: UInt64(1 - $0)) }
      guard requests.count == 2 else {
        for request in requests { request.put() }
        return
      }
      requests[1].put()
      RCU.assign(requests[0], to: word.record)
    }

    /// Takes the published request away and makes another one, perhaps of the same memory.
    func replace(publishing: Bool) {
      let old = word.record.load(.relaxed)
      RCU.assign(nil, to: word.record)
      old?.put()
      guard let new = pool.request(context: 7, seqno: 2) else { return }
      if publishing { RCU.assign(new, to: word.record) } else { new.put() }
    }

    func end() {
      word.record.load(.relaxed)?.put()
      pool.destroy()
      Machine.free(word)
    }
  }
}
