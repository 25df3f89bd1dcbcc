import Explorer
import Kernel
import Machine
import Testing

/// Mutexes taken in opposite orders, in every interleaving.
@Suite(.serialized)
struct WoundWaitModelTests {
  private var graphs: ExplorationOptions {
    var options = ExplorationOptions()
    options.reduction = .graphs
    return options
  }

  @Test(arguments: Families.rules)
  func `a mutex keeps plain data whole, with and without a context`(
    rule: WoundWaitClass.Rule
  ) {
    let report = explore("one wait/wound mutex") { lab in
      let pair = MutexPair.make()
      lab.thread("with", cpu: 0) {
        let context = AcquireContext.make(of: Families.of(rule))
        lab.expect(MutexPair.outcome(of: pair.record.first, context) == nil, "it gets the lock")
        pair.record.count.value += 1
        pair.record.first.unlock()
        Machine.free(context)
      }
      lab.thread("without", cpu: 1) {
        lab.expect(MutexPair.outcome(of: pair.record.first, nil) == nil, "it gets the lock")
        pair.record.count.value += 1
        pair.record.first.unlock()
      }
      lab.finally {
        lab.expect(pair.record.count.value == 2, "no addition is lost")
        lab.free(pair)
      }
    }
    print("one wait/wound mutex, \(rule): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test(arguments: Families.rules)
  func `20 · of two contexts that would wait for each other one gives way`(
    rule: WoundWaitClass.Rule
  ) {
    let report = explore("ABBA, resolved", options: graphs) { lab in
      let pair = MutexPair.make()
      for cpu in 0...1 {
        // Made here, so that the first one is the older: the other way round is the same program
        // with the mutexes renamed, and would double the search.
        let context = AcquireContext.make(of: Families.of(rule))
        lab.thread("taker \(cpu)", cpu: cpu) {
          pair.record.addOne(inReverse: cpu == 1, context)
          context.record.finish()
          Machine.free(context)
        }
      }
      lab.finally {
        lab.expect(pair.record.count.value == 2, "both came through")
        lab.free(pair)
      }
    }
    print("ABBA, \(rule): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `without contexts opposite orders deadlock`() {
    let report = explore("ABBA without contexts") { lab in
      let pair = MutexPair.make()
      lab.thread("forward", cpu: 0) {
        lab.expect(MutexPair.outcome(of: pair.record.first, nil) == nil, "it gets the lock")
        lab.expect(MutexPair.outcome(of: pair.record.second, nil) == nil, "it gets the lock")
        pair.record.second.unlock()
        pair.record.first.unlock()
      }
      lab.thread("backward", cpu: 1) {
        lab.expect(MutexPair.outcome(of: pair.record.second, nil) == nil, "it gets the lock")
        lab.expect(MutexPair.outcome(of: pair.record.first, nil) == nil, "it gets the lock")
        pair.record.first.unlock()
        pair.record.second.unlock()
      }
      lab.finally { lab.free(pair) }
    }
    #expect([.deadlock, .endlessWait].contains(report.verdict), "\(report)")
  }
}
