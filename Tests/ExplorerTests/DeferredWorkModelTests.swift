import Explorer
import Kernel
import Machine
import Testing

/// Work that is handed over to happen after a grace period: its order, its waiters, and who made
/// it possible.
@Suite struct DeferredWorkModelTests {
  /// Each way to explore, by name.
  private static let ways: [(name: String, options: ExplorationOptions)] = {
    var weak = ExplorationOptions()
    weak.memory = .weak
    return [("reduced", options(.dynamic)), ("unreduced", options(.none)), ("weak", weak)]
  }()

  /// What every way finds, by name.
  private func found(
    _ scenario: @escaping @Sendable (Lab, Outcomes) -> Void
  ) -> [String: Set<[UInt64]>] {
    Dictionary(
      uniqueKeysWithValues: Self.ways.map { way in
        let outcomes = Outcomes()
        let report = explore("deferred work", options: way.options) { scenario($0, outcomes) }
        #expect(report.verdict == .passed, "\(way.name): \(report)")
        return (way.name, outcomes.set)
      })
  }

  private func verdicts(_ scenario: @escaping @Sendable (Lab) -> Void) -> Set<String> {
    Set(
      Self.ways.map { explore("deferred work", options: $0.options, scenario).verdict.rawValue })
  }

  @Test func `two callers hand over in both orders`() {
    let found = found { lab, outcomes in
      let w = lab.allocate(Words())
      for thread in 0..<2 {
        lab.thread("P\(thread)", cpu: thread) {
          RCU.call { w.record.x.store(UInt64(thread) + 1, .relaxed) }
        }
      }
      lab.finally {
        outcomes.note(w.record.x.load(.relaxed))
        lab.free(w)
      }
    }
    for way in Self.ways { #expect(found[way.name] == [[1], [2]], "\(way.name)") }
  }

  @Test(arguments: [(false, ["use after free"]), (true, ["passed"])] as [(Bool, Set<String>)])
  func `what a call uses may be retired by somebody else`(
    _ pair: (isFreedByTheCall: Bool, verdicts: Set<String>)
  ) {
    let found = verdicts { lab in
      let w = lab.allocate(Words())
      lab.thread("caller", cpu: 0) {
        RCU.call {
          w.record.x.store(1, .relaxed)
          if pair.isFreedByTheCall { Machine.free(w) }
        }
      }
      lab.thread("owner", cpu: 1) { if !pair.isFreedByTheCall { RCU.free(w) } }
    }
    #expect(found == pair.verdicts)
  }

  @Test func `deferred work comes before or after a thread that has nothing to do with it`() {
    let found = found { lab, outcomes in
      let w = lab.allocate(Words())
      lab.thread("reader", cpu: 0) { w.record.r0.store(w.record.x.load(.relaxed), .relaxed) }
      lab.thread("caller", cpu: 1) { RCU.call { w.record.x.store(1, .relaxed) } }
      lab.finally {
        outcomes.note(w.record.r0.load(.relaxed))
        lab.free(w)
      }
    }
    for way in Self.ways { #expect(found[way.name] == [[0], [1]], "\(way.name)") }
  }

  /// The second caller hands over while the first one waits for its own.
  @Test func `a barrier waits for what was handed over before it and for nothing else`() {
    let found = found { lab, outcomes in
      let w = lab.allocate(Words())
      lab.thread("waiter", cpu: 0) {
        RCU.call { w.record.x.store(1, .relaxed) }
        RCU.barrier()
        w.record.r0.store(w.record.x.load(.relaxed), .relaxed)
        w.record.r1.store(w.record.y.load(.relaxed), .relaxed)
      }
      lab.thread("other", cpu: 1) { RCU.call { w.record.y.store(1, .relaxed) } }
      lab.finally {
        outcomes.note(w.record.r0.load(.relaxed), w.record.r1.load(.relaxed))
        lab.free(w)
      }
    }
    for way in Self.ways { #expect(found[way.name] == [[1, 0], [1, 1]], "\(way.name)") }
  }

  /// A body that hands over again would keep a barrier waiting for ever, if that waited for it.
  @Test func `a barrier does not wait for what the work hands over`() {
    let found = found { lab, outcomes in
      let w = lab.allocate(Words())
      lab.thread("waiter", cpu: 0) {
        RCU.call {
          w.record.x.store(1, .relaxed)
          RCU.call { w.record.y.store(1, .relaxed) }
        }
        RCU.barrier()
        w.record.r0.store(w.record.y.load(.relaxed), .relaxed)
      }
      lab.finally {
        outcomes.note(w.record.x.load(.relaxed), w.record.r0.load(.relaxed))
        lab.free(w)
      }
    }
    for way in Self.ways { #expect(found[way.name] == [[1, 0], [1, 1]], "\(way.name)") }
  }
}
