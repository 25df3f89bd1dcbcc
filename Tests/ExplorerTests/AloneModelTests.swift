import Explorer
import Kernel
import Machine
import Testing

/// The setup and the final claims run alone; what they free and use is judged as a thread's is.
@Suite struct AloneModelTests {
  private struct Search: Sendable, CustomTestStringConvertible {
    var reduction = ExplorationOptions.Reduction.dynamic
    var memory = ExplorationOptions.Memory.sequential
    var testDescription: String { "\(reduction), \(memory)" }

    static let all = [
      Search(), Search(reduction: .none), Search(reduction: .graphs), Search(memory: .weak),
    ]
  }

  /// The broken rule, which the failure's replay must break again.
  private func rule(_ search: Search, _ scenario: @escaping @Sendable (Lab) -> Void) -> String {
    var options = ExplorationOptions()
    (options.reduction, options.memory) = (search.reduction, search.memory)
    let report = explore("alone", options: options, scenario)
    guard let failure = report.failure else { return report.verdict.rawValue }
    // What comes out differently each time cannot be performed again.
    if failure.verdict == .notDeterministic { return failure.rule }
    if case .failed(let again) = replay(failure.replay, of: "alone", scenario) {
      #expect(again.failure?.rule == failure.rule)
    } else {
      Issue.record("\(failure.replay) does not fail again")
    }
    return failure.rule
  }

  private enum End: CaseIterable { case never, frees, retires, retiresInSection }

  private static func end(_ words: Object<Words>, _ end: End) {
    switch end {
    case .never: break
    case .frees: Machine.free(words)
    case .retires: RCU.free(words)
    case .retiresInSection: RCU.withReadLock { RCU.free(words) }
    }
  }

  @Test(arguments: Search.all, End.allCases)
  private func `no thread may use what the setup freed`(_ search: Search, _ end: End) {
    let found = rule(search) { lab in
      let words = lab.allocate(Words())
      Self.end(words, end)
      lab.thread("user", cpu: 0) { words.record.x.store(1, .relaxed) }
      lab.finally { if end == .never { lab.free(words) } }
    }
    #expect(found == (end == .never ? "passed" : "use-after-free"))
  }

  @Test(arguments: Search.all, [false, true])
  private func `no thread may free what the setup freed`(_ search: Search, _ again: Bool) {
    let found = rule(search) { lab in
      let words = lab.allocate(Words())
      if again { lab.free(words) }
      lab.thread("owner", cpu: 0) { Machine.free(words) }
    }
    #expect(found == (again ? "double-free" : "passed"))
  }

  @Test(arguments: Search.all, End.allCases)
  private func `the final claims may not use what a thread freed`(_ search: Search, _ end: End) {
    let found = rule(search) { lab in
      let words = lab.allocate(Words())
      lab.thread("owner", cpu: 0) { Self.end(words, end) }
      lab.finally {
        _ = words.record.x.load(.relaxed)
        if end == .never { lab.free(words) }
      }
    }
    #expect(found == (end == .never ? "passed" : "use-after-free"))
  }

  @Test(arguments: Search.all, [false, true])
  private func `the final claims may not use what they freed`(_ search: Search, _ tooLate: Bool) {
    let found = rule(search) { lab in
      let words = lab.allocate(Words())
      lab.thread("user", cpu: 0) { words.record.x.store(1, .relaxed) }
      lab.finally {
        if tooLate { lab.free(words) }
        _ = words.record.x.load(.relaxed)
        if !tooLate { lab.free(words) }
      }
    }
    #expect(found == (tooLate ? "use-after-free" : "passed"))
  }

  // MARK: - One address, several records

  private struct Narrow: ~Copyable {
    let first = Word<UInt32>(1)
    let second = Word<UInt32>(2)
  }

  private struct Wide: ~Copyable {
    let target: Word<Object<Words>?>
    init(_ target: Object<Words>) { self.target = Word(target) }
  }

  @Test(arguments: Search.all)
  private func `after another choice an address may hold another record`(_ search: Search) {
    let found = rule(search) { lab in
      let words = lab.allocate(Words())
      let slot = lab.allocate(Word<Object<Wide>?>(nil))
      lab.thread("maker", cpu: 0) {
        // Where this fails, the second record begins where the first one would have.
        let narrow = Machine.tryAllocate(Narrow())
        if let narrow { _ = narrow.record.first.fetchAdd(1, .relaxed) }
        slot.record.store(Machine.allocate(Wide(words)), .release)
        if let narrow { Machine.free(narrow) }
      }
      lab.thread("user", cpu: 1) {
        guard let wide = slot.record.load(.acquire) else { return }
        _ = wide.record.target.load(.relaxed)?.record.x.fetchAdd(1, .relaxed)
      }
      lab.finally {
        if let wide = slot.record.load(.relaxed) { lab.free(wide) }
        lab.free(words)
        lab.free(slot)
      }
    }
    #expect(found == "passed")
  }

  // Safety: all executions of one exploration share one OS thread.
  private final class Unsteady: @unchecked Sendable {
    var value: UInt64 = 0
  }

  @Test(arguments: [false, true])
  private func `a value that differs when a graph is run again is found`(_ isSteady: Bool) {
    let unsteady = Unsteady()
    let found = rule(Search(memory: .weak)) { lab in
      let words = lab.allocate(Words())
      lab.thread("writer", cpu: 0) {
        if !isSteady { unsteady.value += 1 }
        words.record.x.store(unsteady.value, .relaxed)
        words.record.y.store(1, .relaxed)
      }
      lab.thread("reader", cpu: 1) {
        _ = words.record.y.load(.relaxed)
        _ = words.record.x.load(.relaxed)
      }
      lab.finally { lab.free(words) }
    }
    #expect(found == (isSteady ? "passed" : "not-deterministic"))
  }
}
