import Explorer
import Machine
import Testing

@Suite struct SearchModelTests {
  @Test(arguments: [ExplorationOptions.Reduction.dynamic, .none])
  func `SB in sequential memory never reads two zeros`(_ reduction: ExplorationOptions.Reduction) {
    let outcomes = Outcomes()
    let report = explore("SB", options: options(reduction)) { lab in
      let w = lab.allocate(Words())
      lab.thread("P0", cpu: 0) {
        w.record.x.store(1, .relaxed)
        w.record.r0.store(w.record.y.load(.relaxed), .relaxed)
      }
      lab.thread("P1", cpu: 1) {
        w.record.y.store(1, .relaxed)
        w.record.r1.store(w.record.x.load(.relaxed), .relaxed)
      }
      lab.finally {
        outcomes.note(w.record.r0.load(.relaxed), w.record.r1.load(.relaxed))
        lab.free(w)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[0, 1], [1, 0], [1, 1]])
    if reduction == .dynamic { #expect(report.executions == 3) }
  }

  @Test func `independent writers need one execution`() {
    let report = explore("independent") { lab in
      let w = lab.allocate(Words())
      lab.thread("P0", cpu: 0) { w.record.x.store(1, .relaxed) }
      lab.thread("P1", cpu: 1) { w.record.y.store(1, .relaxed) }
      lab.thread("P2", cpu: 2) { w.record.z.store(1, .relaxed) }
      lab.finally { lab.free(w) }
    }
    #expect(report.verdict == .passed)
    #expect(report.executions == 1)
  }

  @Test(arguments: [(3, 2, 90), (3, 3, 1680), (4, 2, 2520), (2, 2, 6)])
  func `fetchAdd has one execution for each order`(_ size: (threads: Int, adds: Int, orders: Int)) {
    let report = explore("fetchAdd") { lab in
      let w = lab.allocate(Words())
      for thread in 0..<size.threads {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<size.adds { _ = w.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally {
        lab.expect(w.record.x.load(.relaxed) == UInt64(size.threads * size.adds), "none lost")
        lab.free(w)
      }
    }
    #expect(report.verdict == .passed)
    #expect(report.executions == size.orders, "redundant: \(report.redundant)")
  }
}
