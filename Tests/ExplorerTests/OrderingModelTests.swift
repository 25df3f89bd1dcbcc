import Explorer
import Kernel
import Machine
import Testing

/// What single accesses order, in both memories: the orderings that are seldom written.
@Suite struct OrderingModelTests {
  private func verdicts(_ scenario: @escaping @Sendable (Lab) -> Void) -> [String] {
    ExplorationOptions.Memory.allCases.map { memory in
      var options = ExplorationOptions()
      options.memory = memory
      return explore("ordering", options: options, scenario).verdict.rawValue
    }
  }

  @Test(arguments: [(true, "passed"), (false, "data race")])
  func `a read barrier follows an exchange that failed`(
    _ pair: (hasBarrier: Bool, verdict: String)
  ) {
    let found = verdicts { lab in
      let shared = lab.allocate(Plain())
      lab.thread("writer", cpu: 0) {
        shared.record.data.value = 1
        shared.record.flag.store(1, .release)
      }
      lab.thread("reader", cpu: 1) {
        guard shared.record.flag.compareExchange(0, with: 0, .acquire) == 1 else { return }
        if pair.hasBarrier { Machine.barrier(.read, edge: "test.failed") }
        _ = shared.record.data.value
      }
      lab.finally { lab.free(shared) }
    }
    #expect(found == [pair.verdict, pair.verdict])
  }

  private enum Way: CaseIterable { case full, relaxed, wait, waitRelaxed }

  /// The writer's data comes before the flag, which is found and then the data.
  @Test(arguments: Way.allCases)
  private func `a fully ordered load and store carry plain data`(_ way: Way) {
    let isOrdered = way == .full || way == .wait
    let found = verdicts { lab in
      let shared = lab.allocate(Plain())
      lab.thread("writer", cpu: 0) {
        shared.record.data.value = 1
        shared.record.flag.store(1, isOrdered ? .full : .relaxed)
      }
      lab.thread("reader", cpu: 1) {
        if way == .wait || way == .waitRelaxed {
          Machine.spin(until: shared.record.flag.equals(1, isOrdered ? .full : .relaxed))
        } else if shared.record.flag.load(isOrdered ? .full : .relaxed) == 0 {
          return
        }
        _ = shared.record.data.value
      }
      lab.finally { lab.free(shared) }
    }
    let expected = isOrdered ? "passed" : "data race"
    #expect(found == [expected, expected])
  }

  /// What comes before the access in program order is published by a relaxed store after it.
  @Test(arguments: [(true, "passed"), (false, "data race")])
  func `a fully ordered access is a barrier for its neighbours`(
    _ pair: (isFull: Bool, verdict: String)
  ) {
    let found = verdicts { lab in
      let shared = lab.allocate(Plain())
      let other = lab.allocate(Word<UInt64>(0))
      lab.thread("writer", cpu: 0) {
        shared.record.data.value = 1
        other.record.store(1, pair.isFull ? .full : .relaxed)
        shared.record.flag.store(1, .relaxed)
      }
      lab.thread("reader", cpu: 1) {
        if shared.record.flag.load(.acquire) == 1 { _ = shared.record.data.value }
      }
      lab.finally {
        lab.free(shared)
        lab.free(other)
      }
    }
    #expect(found == [pair.verdict, pair.verdict])
  }

  @Test(arguments: [(StoreOrdering.full, "passed"), (.relaxed, "expectation failed")])
  func `setting a flag may be a barrier`(_ pair: (ordering: StoreOrdering, verdict: String)) {
    var options = ExplorationOptions()
    options.memory = .weak
    let report = explore("flags", options: options) { lab in
      let w = lab.allocate(Words())
      let flags = [lab.allocate(FlagWord<Flag>()), lab.allocate(FlagWord<Flag>())]
      for thread in 0..<2 {
        lab.thread("P\(thread)", cpu: thread) {
          flags[thread].record.set(Flag(bitNumber: 3), pair.ordering)
          let sees = flags[1 - thread].record.test(Flag(bitNumber: 3), .relaxed)
          if thread == 0 {
            w.record.r0.store(sees ? 1 : 0, .relaxed)
          } else {
            w.record.r1.store(sees ? 1 : 0, .relaxed)
          }
        }
      }
      lab.finally {
        let seen = w.record.r0.load(.relaxed) + w.record.r1.load(.relaxed)
        lab.expect(seen > 0, "neither sees the other's flag")
        lab.free(w)
        for word in flags { lab.free(word) }
      }
    }
    #expect(report.verdict.rawValue == pair.verdict)
  }
}

private struct Flag: FlagBit { let bitNumber: UInt64 }
