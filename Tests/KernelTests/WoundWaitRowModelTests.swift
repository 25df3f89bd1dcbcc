import Explorer
import Kernel
import Machine
import Testing

/// The rows of the kernel's `test-ww_mutex` module with two or more actors, for both rules, in
/// every interleaving.
///
/// Two locks where there are up to 2046, one round where there are seconds of them.
@Suite(.serialized)
struct WoundWaitRowModelTests {
  private func row(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    var options = ExplorationOptions()
    options.reduction = .graphs
    let report = explore(name, options: options, scenario)
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  // The flag SPIN says how the holder passes its time, which no schedule knows: four combinations
  // stand for the eight.
  @Test(arguments: Families.rules, [(false, false), (false, true), (true, false), (true, true)])
  func `test-ww_mutex: test_mutex`(
    rule: WoundWaitClass.Rule, how: (tries: Bool, hasContext: Bool)
  ) {
    row("test_mutex, \(rule), \(how)") { lab in
      let pair = MutexPair.make()
      let isLeaving = lab.allocate(Word<UInt32>(0))
      let isHeld = lab.allocate(Word<UInt32>(0))
      lab.thread("main", cpu: 0) {
        let context = how.hasContext ? AcquireContext.make(of: Families.of(rule)) : nil
        lab.expect(MutexPair.outcome(of: pair.record.first, context) == nil, "the lock is free")
        isHeld.record.store(1, .release, edge: "test.held")
        isLeaving.record.store(1, .relaxed)
        pair.record.first.unlock()
        context?.record.finish()
        if let context { Machine.free(context) }
      }
      lab.thread("worker", cpu: 1) {
        Machine.spin(until: isHeld.record.equals(1, .acquire, edge: "test.held"))
        if how.tries {
          while !pair.record.first.tryLock() {}
        } else {
          lab.expect(MutexPair.outcome(of: pair.record.first, nil) == nil, "it gets the lock")
        }
        lab.expect(isLeaving.record.load(.relaxed) == 1, "not before the holder leaves")
        pair.record.first.unlock()
      }
      lab.finally {
        lab.free(isHeld)
        lab.free(isLeaving)
        lab.free(pair)
      }
    }
  }

  @Test(arguments: Families.rules, [(false, false), (false, true), (true, false), (true, true)])
  func `test-ww_mutex: test_abba`(
    rule: WoundWaitClass.Rule, how: (tries: Bool, resolves: Bool)
  ) {
    row("test_abba, \(rule), \(how)") { lab in
      let row = MutexRow.make(locks: 2)
      for cpu in 0...1 {
        lab.thread("taker \(cpu)", cpu: cpu) {
          row.crossOver(
            from: cpu, to: 1 - cpu, rule, tries: how.tries, resolves: how.resolves)
        }
      }
      lab.finally {
        lab.expect(row.refusals.record.load(.relaxed) >= 1, "one of them was refused")
        row.free()
      }
    }
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: test_cycle`(rule: WoundWaitClass.Rule) {
    // A ring of two; the native row goes to four.
    row("test_cycle, \(rule)") { lab in
      let row = MutexRow.make(locks: 2)
      let contexts = (0...1).map { _ in AcquireContext.make(of: Families.of(rule)) }
      for cpu in 0...1 {
        lab.thread("taker \(cpu)", cpu: cpu) {
          row.takeInTurn([cpu, 1 - cpu], contexts[cpu], moves: false)
        }
      }
      lab.finally { row.end(completions: 2, lab) }
    }
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress in-order`(rule: WoundWaitClass.Rule) {
    stress("stress in-order", rule, moves: false)
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress reorder`(rule: WoundWaitClass.Rule) {
    stress("stress reorder", rule, moves: true)
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress all`(rule: WoundWaitClass.Rule) {
    row("stress all, \(rule)") { lab in
      let row = MutexRow.make(locks: 2)
      let context = AcquireContext.make(of: Families.of(rule))
      let single = Int(lab.choose(below: 2, "lock"))
      lab.thread("taker", cpu: 0) { row.takeInTurn([0, 1], context, moves: true) }
      lab.thread("single", cpu: 1) { row.takeAlone(single) }
      lab.finally { row.end(completions: 2, lab) }
    }
  }

  /// One thread takes two locks in one order, the other one in every order.
  private func stress(_ name: String, _ rule: WoundWaitClass.Rule, moves: Bool) {
    row("\(name), \(rule)") { lab in
      let row = MutexRow.make(locks: 2)
      let contexts = (0...1).map { _ in AcquireContext.make(of: Families.of(rule)) }
      let first = Int(lab.choose(below: 2, "order"))
      lab.thread("taker 0", cpu: 0) { row.takeInTurn([0, 1], contexts[0], moves: moves) }
      lab.thread("taker 1", cpu: 1) {
        row.takeInTurn([first, 1 - first], contexts[1], moves: moves)
      }
      lab.finally { row.end(completions: 2, lab) }
    }
  }
}

extension MutexRow {
  fileprivate func end(completions count: UInt32, _ lab: Lab) {
    lab.expect(completions.record.load(.relaxed) == count, "everybody came through")
    free()
  }
}
