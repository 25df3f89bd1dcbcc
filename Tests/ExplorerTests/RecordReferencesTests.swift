import Explorer
import Machine
import Testing

/// What a record refers to through Swift ends with its execution, freed or not, so that memory does
/// not grow with the number of executions.
@Suite struct RecordReferencesTests {
  // Safety: all executions of one exploration share one OS thread.
  private final class Guests: @unchecked Sendable {
    private(set) var made = 0
    private(set) var alive = 0
    func arrive() {
      made += 1
      alive += 1
    }
    func leave() { alive -= 1 }
  }

  /// What a closure refers to; it counts itself.
  private final class Guest: Sendable {
    let count: Guests
    init(_ count: Guests) {
      self.count = count
      count.arrive()
    }
    deinit { count.leave() }
    func answer() -> UInt64 { 42 }
  }

  private struct Record: ~Copyable {
    let word = Word<UInt64>(0)
    let answer: @Sendable () -> UInt64
  }

  @Test(arguments: [
    (ExplorationOptions.Reduction.dynamic, true), (.dynamic, false), (.graphs, true),
    (.graphs, false),
  ])
  func `closures in records end with their execution`(
    _ pair: (reduction: ExplorationOptions.Reduction, frees: Bool)
  ) {
    let guests = Guests()
    var options = ExplorationOptions()
    options.reduction = pair.reduction
    let report = explore("closures in records", options: options) { lab in
      let guest = Guest(guests)
      let record = lab.allocate(Record(answer: { guest.answer() }))
      for cpu in 0..<2 {
        lab.thread("adder \(cpu)", cpu: cpu) { _ = record.record.word.fetchAdd(1, .relaxed) }
      }
      lab.finally {
        lab.expect(record.record.answer() == 42, "the closure is whole at the end")
        if pair.frees { lab.free(record) }
      }
    }
    #expect(report.verdict == (pair.frees ? .passed : .leak))
    #expect(guests.made >= 2)
    #expect(guests.alive <= 1, "at most the last execution's")
  }
}
