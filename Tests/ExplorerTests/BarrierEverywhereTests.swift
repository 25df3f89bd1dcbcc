import Explorer
import Machine
import Testing

/// A barrier on every CPU in weak memory: the others need none of their own.
struct BarrierEverywhereTests {
  enum Middle: Sendable, CaseIterable { case everywhere, here, nothing }

  private static func take(_ middle: Middle) {
    switch middle {
    case .everywhere: _ = Machine.barrierEverywhere(edge: "test.everywhere")
    case .here: Machine.barrier(.full, edge: "test.everywhere")
    case .nothing: break
    }
  }

  private func outcomes(
    _ first: @escaping @Sendable (borrowing Words) -> Void,
    _ second: @escaping @Sendable (borrowing Words) -> Void
  ) -> (passes: Bool, outcomes: Set<String>) {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("everywhere", options: options) { lab in
      let w = lab.allocate(Words())
      lab.thread("P0", cpu: 0) { first(w.record) }
      lab.thread("P1", cpu: 1) { second(w.record) }
      lab.finally {
        lab.outcome("r0=\(w.record.r0.load(.relaxed)) r1=\(w.record.r1.load(.relaxed))")
        lab.free(w)
      }
    }
    return (report.verdict == .passed, Set((report.outcomes ?? []).map(\.outcome)))
  }

  @Test(arguments: Middle.allCases)
  func `store buffering needs it on one side`(middle: Middle) {
    let found = outcomes {
      $0.x.store(1, .relaxed)
      Self.take(middle)
      $0.r0.store($0.y.load(.relaxed), .relaxed)
    } _: {
      $0.y.store(1, .relaxed)
      $0.r1.store($0.x.load(.relaxed), .relaxed)
    }
    #expect(found.passes)
    #expect(found.outcomes.contains("r0=0 r1=0") == (middle != .everywhere))
    #expect(found.outcomes.isSuperset(of: ["r0=0 r1=1", "r0=1 r1=0", "r0=1 r1=1"]))
  }

  @Test(arguments: Middle.allCases)
  func `a reader without a barrier sees the data with the flag`(middle: Middle) {
    let found = outcomes {
      $0.x.store(1, .relaxed)
      Self.take(middle)
      $0.y.store(1, .relaxed)
    } _: {
      $0.r0.store($0.y.load(.relaxed), .relaxed)
      $0.r1.store($0.x.load(.relaxed), .relaxed)
    }
    #expect(found.outcomes.contains("r0=1 r1=0") == (middle != .everywhere))
  }

  @Test func `it leads forward only: a look that comes first may miss the store`() {
    let found = outcomes {
      $0.x.store(1, .relaxed)
      Self.take(.everywhere)
      $0.r0.store($0.y.load(.relaxed), .relaxed)
    } _: {
      $0.r1.store($0.x.load(.relaxed), .relaxed)
      $0.y.store(1, .relaxed)
    }
    #expect(found.outcomes.contains("r0=0 r1=0"))
  }

  /// P0 stores x, has its barriers and misses z; P1 stores z, then y; P2 sees y and misses x.
  @Test(arguments: [1, 2])
  func `two others that pass a value on need two barriers`(barriers: Int) {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("two others", options: options) { lab in
      let w = lab.allocate(Words())
      lab.thread("P0", cpu: 0) {
        w.record.x.store(1, .relaxed)
        for _ in 0..<barriers { _ = Machine.barrierEverywhere(edge: "test.everywhere") }
        w.record.r0.store(w.record.z.load(.relaxed), .relaxed)
      }
      lab.thread("P1", cpu: 1) {
        w.record.z.store(1, .relaxed)
        w.record.y.store(1, .relaxed)
      }
      lab.thread("P2", cpu: 2) {
        let y = w.record.y.load(.relaxed)
        w.record.r1.store(2 * y + w.record.x.load(.relaxed), .relaxed)
      }
      lab.finally {
        lab.outcome("z=\(w.record.r0.load(.relaxed)) yx=\(w.record.r1.load(.relaxed))")
        lab.free(w)
      }
    }
    #expect(report.verdict == .passed)
    let outcomes = (report.outcomes ?? []).map(\.outcome)
    #expect(outcomes.contains("z=0 yx=2") == (barriers == 1))
  }
}
